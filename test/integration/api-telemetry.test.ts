import { subjects } from '@llm-monitor/contracts/bus';
import {
  createEvent,
  type HeartbeatData,
  type HostSampledData,
  type ModelsListedData,
} from '@llm-monitor/contracts/events';
import { createKeys, serverField } from '@llm-monitor/contracts/redis';
import type {
  ActiveRequest,
  AppStats,
  EndedRequest,
  Host,
  ModelStats,
  Status,
} from '@llm-monitor/contracts/rest';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { aCall, type Published } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const MINUTE_MS = 60_000;
const ADDRESS = '127.0.0.1:11434';

let serial = 0;
function anEvent<D>(subject: string, type: string, data: D): Published<D> {
  const time = new Date().toISOString();
  return {
    subject,
    event: createEvent({ id: `telemetry-${serial++}`, source: '/test', type, time, data }),
  };
}
const heartbeat = (data: Partial<HeartbeatData> & { app: string; instance: string }) =>
  anEvent(subjects.heartbeat(data.app, data.instance), 'llm.app.heartbeat.v1', {
    ...{ runningRequestIds: [], running: 0, host: 'laptop' },
    ...data,
  });
const sampled = (data: Partial<HostSampledData> & { host: string }) =>
  anEvent(subjects.hostSampled(data.host), 'llm.host.sampled.v1', {
    ...{ cpuPercent: 12.5, cpuCount: 8, memoryUsedBytes: 4e9, memoryTotalBytes: 16e9 },
    ...{ uptimeSeconds: 3600, server: null },
    ...data,
  });
const server = (reachable: boolean): HostSampledData['server'] => ({
  ...{ provider: 'ollama', address: ADDRESS, reachable, version: '0.9.0' },
  processes: { count: 2, cpuPercent: 310.5, memoryBytes: 5e9 },
});
const listed = (
  data: Omit<ModelsListedData, 'provider' | 'serverAddress'> & { serverAddress?: string },
) =>
  anEvent(subjects.modelsListed(data.host), 'llm.models.listed.v1', {
    ...{ provider: 'ollama', serverAddress: ADDRESS },
    ...data,
  });
const onDisk = (name: string): ModelsListedData['models'][number] => ({
  ...{ name, sizeBytes: 2e9, family: 'llama', parameterSize: '3.2B', quantization: 'Q4_K_M' },
});
const inMemory = (name: string): ModelsListedData['loaded'][number] => ({
  ...{ name, sizeBytes: 3e9, vramBytes: 1e9, expiresAt: '2026-05-10T12:00:00Z' },
  contextLength: 4096,
});

describe.each(['1', '3'])('what clients and agents say, over %s shards', (shards) => {
  const { global } = createKeys({ shards: Number(shards) });
  let nats: NatsServer;
  let redis: RedisServer;
  let store: Redis;
  let collector: Service;
  let api: Service;
  let bus: NatsConnection;

  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats(), startRedis()]);
    const env = { NATS_URL: nats.url, REDIS_URL: redis.url, REDIS_SHARDS: shards };
    [collector, api] = await Promise.all([
      startService('collector', env, { until: 'ready' }),
      startService('api', env, { until: 'ready' }),
    ]);
    bus = await connect({ servers: nats.url });
    store = new Redis(redis.url);
  });
  afterAll(async () => {
    await bus.close();
    store.disconnect();
    await Promise.all([collector.stop(), api.stop()]);
    await Promise.all([nats.stop(), redis.stop()]);
  });

  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(api.url + path)).json()) as T;
  /** Waits until an answer has all of this. */
  const shows = <T>(path: string, expected: object) =>
    waitFor(`${path} to show it`, async () => {
      const body = await get<T>(path);
      expect(body).toMatchObject(expected);
      return body;
    });
  /** As if it had been said so long ago. */
  async function age(key: string, field: string, byMs: number): Promise<void> {
    const stored = JSON.parse((await store.hget(key, field)) ?? '') as { seenAtMs: number };
    const older = { ...stored, seenAtMs: stored.seenAtMs - byMs };
    await store.hset(key, field, JSON.stringify(older));
  }

  test('apps have their calls, their models and their processes, and what was dropped', async () => {
    const shop = [
      aCall({ app: 'my shop', model: 'mistral', instance: 'a' }),
      aCall({ app: 'my shop', model: 'llama3.2:3b', instance: 'a' }),
      aCall({ app: 'my shop', model: 'llama3.2:3b', instance: 'b' }),
    ];
    const demo = aCall({ app: 'show', demo: true });
    await publish(bus, [
      ...shop.flatMap((call) => [call.started(), call.completed()]),
      ...[aCall({ app: 'bot', instance: 'c' }).started(), demo.started()],
      heartbeat({ app: 'my shop', instance: 'a', queued: 2, droppedEvents: 7, droppedRequests: 3 }),
      heartbeat({ app: 'my shop', instance: 'b', stopping: true, droppedEvents: 1 }),
      heartbeat({ app: 'bot', instance: 'c', running: 1 }),
      heartbeat({ app: 'show', instance: 'd', running: 1 }),
      heartbeat({ app: 'waits', instance: 'e' }),
    ]);
    const apps = await shows<AppStats[]>('/api/apps', [
      {
        ...{ name: 'my_shop', total_requests: 3, completed_requests: 3, total_tokens: 60 },
        ...{ active_requests: 0, success_rate: 100, avg_response_time: 1 },
        ...{ models: ['llama3.2:3b', 'mistral'], dropped_events: 8, dropped_requests: 3 },
      },
      { name: 'bot', active_requests: 1, total_requests: 1, success_rate: null },
      { name: 'waits', active_requests: 0, total_requests: 0, models: [], last_used: null },
    ]);
    expect(apps.map(({ instances }) => instances.map(({ instance }) => instance).sort())).toEqual([
      ['a', 'b'],
      ['c'],
      ['e'],
    ]);
    const processes = new Map(apps[0]?.instances.map((one) => [one.instance, one]));
    expect(processes.get('a')).toMatchObject({ online: true, queued: 2, host: 'laptop' });
    expect(processes.get('b')).toMatchObject({ online: false, dropped_events: 1 });
    await shows<Status>('/api/status', { dropped_events: 8, dropped_requests: 3 });

    const only = await get<AppStats[]>('/api/apps?demo=only');
    expect(only.map(({ name }) => name)).toEqual(['show']);
    const all = await get<AppStats[]>('/api/apps?demo=true');
    expect(all.map(({ name }) => name).sort()).toEqual(['bot', 'my_shop', 'show', 'waits']);
  });

  test('a process that fell silent is shown as away, and soon no more', async () => {
    await publish(bus, [heartbeat({ app: 'gone', instance: 'f', droppedEvents: 5 })]);
    await shows('/api/apps', [{}, {}, { name: 'gone', instances: [{ online: true }] }, {}]);
    await age(global.instances, 'gone:f', MINUTE_MS);
    const away = { name: 'gone', dropped_events: 5, instances: [{ online: false }] };
    await shows('/api/apps', [{}, {}, away, {}]);
    await age(global.instances, 'gone:f', 15 * MINUTE_MS);
    await waitFor('it to be forgotten', async () => {
      const apps = await get<AppStats[]>('/api/apps');
      return apps.every(({ name }) => name !== 'gone');
    });
  });

  test('models are available where a server lists them, and unknown while none has said', async () => {
    const before = await get<ModelStats[]>('/api/models');
    expect(before.map(({ available, hosts }) => [available, hosts])).toEqual([
      [null, []],
      [null, []],
    ]);
    await publish(bus, [
      sampled({ host: 'gpu-box', server: server(true) }),
      sampled({ host: 'cpu-box', server: server(true) }),
      listed({
        host: 'gpu-box',
        models: [onDisk('llama3.2:3b')],
        loaded: [inMemory('llama3.2:3b')],
      }),
      listed({ host: 'cpu-box', models: [onDisk('llama3.2:3b'), onDisk('phi3:mini')], loaded: [] }),
    ]);
    const models = await shows<ModelStats[]>('/api/models', [
      { name: 'llama3.2:3b', available: true, loaded: true, hosts: [{}, {}] },
      { name: 'mistral', available: false, loaded: false, hosts: [] },
      { name: 'phi3:mini', available: true, loaded: false, total_requests: 0 },
    ]);
    expect(models[0]?.hosts).toEqual([
      {
        ...{ host: 'cpu-box', loaded: false, size_bytes: 2e9, family: 'llama' },
        ...{ parameter_size: '3.2B', quantization: 'Q4_K_M', memory_bytes: null },
        ...{ vram_bytes: null, expires_at: null, context_length: null },
      },
      {
        ...{ host: 'gpu-box', loaded: true, size_bytes: 2e9, family: 'llama' },
        ...{ parameter_size: '3.2B', quantization: 'Q4_K_M', memory_bytes: 3e9 },
        ...{ vram_bytes: 1e9, expires_at: '2026-05-10T12:00:00Z', context_length: 4096 },
      },
    ]);
    expect((await get<Status>('/api/status')).models_available).toEqual([
      'llama3.2:3b',
      'phi3:mini',
    ]);
  });

  test('of two machines each shows what it has, and one that falls silent claims nothing', async () => {
    const gpu = {
      ...{ name: 'RTX', loadPercent: 90, vramUsedBytes: 5e9, vramTotalBytes: 8e9 },
      ...{ powerWatts: 120.5, temperatureCelsius: null },
    };
    await publish(bus, [
      sampled({
        ...{ host: 'gpu-box', server: server(true), gpus: [gpu], cpuPercent: 55 },
        unseenActivity: { since: '2026-05-10T12:00:00Z', model: 'm', evidence: 'gpu' },
      }),
      sampled({ host: 'cpu-box', server: server(true), gpus: [], unseenActivity: null }),
    ]);
    await shows<Host[]>('/api/hosts', [
      {
        ...{ name: 'cpu-box', online: true, cpu_percent: 12.5, gpus: [], unseen_activity: null },
        ...{ models_available: ['llama3.2:3b', 'phi3:mini'], models_loaded: [] },
      },
      {
        ...{ name: 'gpu-box', online: true, cpu_percent: 55, memory_percent: 25, uptime: 3600 },
        gpus: [{ name: 'RTX', load_percent: 90, power_watts: 120.5, temperature_celsius: null }],
        server: {
          ...{ reachable: true, version: '0.9.0' },
          processes: { count: 2, cpu_percent: 310.5, memory_bytes: 5e9 },
        },
        unseen_activity: { since: '2026-05-10T12:00:00Z', model: 'm', evidence: 'gpu' },
        models_loaded: [{ name: 'llama3.2:3b', vram_bytes: 1e9 }],
      },
    ]);

    await age(global.hosts, 'gpu-box', 2 * MINUTE_MS);
    await age(global.models, serverField('gpu-box', ADDRESS), 2 * MINUTE_MS);
    await shows<Host[]>('/api/hosts', [
      { name: 'cpu-box', online: true },
      {
        ...{ name: 'gpu-box', online: false, cpu_percent: null, cpu_count: 8, gpus: null },
        ...{ memory_used_bytes: null, uptime: null, unseen_activity: null },
        ...{ models_available: [], models_loaded: [] },
        server: { reachable: false, processes: null },
      },
    ]);
    const [model] = await waitFor('the models to follow', async () => {
      const models = await get<ModelStats[]>('/api/models');
      return models[0]?.hosts.length === 1 && models;
    });
    expect(model).toMatchObject({ available: true, loaded: false, hosts: [{ host: 'cpu-box' }] });
  });

  test('a server that its agent does not reach has no models; another one of the machine has', async () => {
    const another = '127.0.0.1:8000';
    await publish(bus, [
      listed({ host: 'cpu-box', serverAddress: another, models: [onDisk('qwen:7b')], loaded: [] }),
    ]);
    const both = ['llama3.2:3b', 'phi3:mini', 'qwen:7b'];
    await shows<Host[]>('/api/hosts', [{ models_available: both }, {}]);
    await publish(bus, [sampled({ host: 'cpu-box', server: server(false) })]);
    await shows<Host[]>('/api/hosts', [{ models_available: ['qwen:7b'] }, {}]);
    await age(global.models, serverField('cpu-box', another), 2 * MINUTE_MS);
    await shows<Host[]>('/api/hosts', [
      { name: 'cpu-box', online: true, models_available: [], server: { reachable: false } },
      {},
    ]);
    const models = await waitFor('the models to be unknown', async () => {
      const all = await get<ModelStats[]>('/api/models');
      return all.every(({ available }) => available === null) && all;
    });
    expect(models.map(({ name }) => name)).toEqual(['llama3.2:3b', 'mistral']);
  });

  test('a call has its session, its user, its logical call, its phases and what it took', async () => {
    const call = aCall({ app: 'chat' });
    const said = {
      ...{ sessionId: 'session-1', userId: 'ada', logicalId: 'logical-1', tags: ['nightly'] },
    };
    const known = {
      ...{ id: call.id, session_id: 'session-1', user_id: 'ada', logical_id: 'logical-1' },
      tags: ['nightly'],
    };
    await publish(bus, [call.started(said)]);
    await shows<ActiveRequest>(`/api/requests/${call.id}`, { ...known, status: 'running' });
    const running = await get<ActiveRequest[]>('/api/active');
    expect(running.find(({ id }) => id === call.id)).toMatchObject(known);

    const ollama = {
      ...{ totalDurationNs: 3e9, loadDurationNs: 1e9, promptEvalDurationNs: 2e8 },
      evalDurationNs: 1.5e9,
    };
    const resources = { app: 'chat', requestId: call.id, cpuPercent: 250.04, memoryBytes: 6e9 };
    await publish(bus, [call.completed({ ...said, ollama })]);
    await shows(`/api/requests/${call.id}`, { status: 'completed', resources: null });
    await publish(bus, [
      sampled({ host: 'gpu-box', server: server(true), requests: [{ ...resources, samples: 3 }] }),
    ]);
    const ended = {
      ...known,
      status: 'completed',
      phases: { queue: 0.3, load: 1, prompt: 0.2, generation: 1.5 },
      resources: { cpu_percent: 250, memory_bytes: 6e9 },
    };
    await shows<EndedRequest>(`/api/requests/${call.id}`, ended);
    for (const query of ['session=session-1', 'user=ada', 'app=chat']) {
      expect(await get<EndedRequest[]>(`/api/requests?${query}`)).toMatchObject([ended]);
    }
    expect(await get<EndedRequest[]>('/api/requests?session=session')).toEqual([]);
  });

  test('a collector that starts forgets what has been silent for long', async () => {
    await publish(bus, [
      heartbeat({ app: 'old', instance: 'g' }),
      heartbeat({ app: 'new', instance: 'h' }),
      sampled({ host: 'retired' }),
    ]);
    await waitFor('them to be kept', async () => {
      const kept = await store.hexists(global.hosts, 'retired');
      return kept === 1 && (await store.hexists(global.instances, 'old:g')) === 1;
    });
    await age(global.instances, 'old:g', 61 * MINUTE_MS);
    await age(global.instances, 'new:h', 59 * MINUTE_MS);
    await age(global.hosts, 'retired', 31 * 24 * 60 * MINUTE_MS);
    const another = await startService('collector', {
      ...{ NATS_URL: nats.url, REDIS_URL: redis.url, REDIS_SHARDS: shards },
    });
    try {
      await waitFor(
        'the old one to go',
        async () => !(await store.hexists(global.instances, 'old:g')),
      );
      await waitFor(
        'the machine to go',
        async () => !(await store.hexists(global.hosts, 'retired')),
      );
      expect(await store.hexists(global.instances, 'new:h')).toBe(1);
      expect(await store.hexists(global.hosts, 'cpu-box')).toBe(1);
    } finally {
      await another.stop();
    }
  });
});
