import { randomUUID } from 'node:crypto';

import { subjects } from '@llm-monitor/contracts/bus';
import {
  createEvent,
  type HostSampledData,
  type RequestResources,
} from '@llm-monitor/contracts/events';
import { createKeys, decodeRecord, RESOURCES_FIELD, shardOf } from '@llm-monitor/contracts/redis';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const SHARDS = 3;
const APP = 'test-app';
const keys = createKeys({ shards: SHARDS });

let nats: NatsServer;
let server: RedisServer;
let redis: Redis;
let bus: NatsConnection;
let collector: Service;

beforeAll(async () => {
  [nats, server] = await Promise.all([startNats(), startRedis()]);
  redis = new Redis(server.url);
  bus = await connect({ servers: nats.url });
  const env = { NATS_URL: nats.url, REDIS_URL: server.url, REDIS_SHARDS: String(SHARDS) };
  collector = await startService('collector', env, { until: 'ready' });
});
afterAll(async () => {
  await collector.stop();
  await bus.close();
  redis.disconnect();
  await Promise.all([nats.stop(), server.stop()]);
});

const keyOf = (id: string) => keys.shard(shardOf(id, SHARDS)).request(APP, id);
const resourcesOf = async (id: string) =>
  decodeRecord({ id, app: APP }, await redis.hgetall(keyOf(id)))?.resources;

/** Publishes one sample, and waits until it is kept. */
async function sample(host: string, requests: RequestResources[]): Promise<void> {
  const data: HostSampledData = {
    ...{ host, cpuPercent: 1, cpuCount: 1, memoryUsedBytes: 1, memoryTotalBytes: 2 },
    ...{ uptimeSeconds: 1, server: null, requests },
  };
  const time = new Date().toISOString();
  const type = 'llm.host.sampled.v1';
  const event = createEvent({ id: randomUUID(), source: '/agents/a', type, time, data });
  await publish(bus, [{ subject: subjects.hostSampled(host), event }]);
  await waitFor('the sample', async () => (await redis.hexists(keys.global.hosts, host)) === 1);
}

const figures = (requestId: string, samples: number, cpuPercent: number | null) => ({
  ...{ app: APP, requestId, samples, cpuPercent, memoryBytes: 1000 * samples },
});

test('what servers took is kept with the calls that are known, in whichever shard, and with no other', async () => {
  const calls = Array.from({ length: 12 }, () => aCall());
  await publish(
    bus,
    calls.map((call) => call.completed()),
  );
  for (const { id } of calls) {
    await waitFor('the call', async () => (await redis.exists(keyOf(id))) === 1);
  }
  const unknown = randomUUID();
  const known = calls.map(({ id }) => figures(id, 2, 50));
  await sample('host-1', [...known, figures(unknown, 2, 50)]);
  for (const { id } of calls) {
    const resources = await waitFor('the figures', () => resourcesOf(id));
    expect(resources).toMatchObject({ cpuPercent: 50, memoryBytes: 2000 });
  }
  expect(await redis.exists(keyOf(unknown))).toBe(0);
});

test('older figures that come late do not replace newer ones', async () => {
  const call = aCall();
  await publish(bus, [call.completed()]);
  await waitFor('the call', async () => (await redis.exists(keyOf(call.id))) === 1);
  await sample('host-2', [figures(call.id, 5, 80)]);
  await waitFor('the figures', () => resourcesOf(call.id));
  await sample('host-3', [figures(call.id, 2, null)]);
  expect(await resourcesOf(call.id)).toMatchObject({ cpuPercent: 80, samples: 5 });
  await sample('host-4', [figures(call.id, 6, 70)]);
  expect(await resourcesOf(call.id)).toMatchObject({ cpuPercent: 70, samples: 6 });
  expect(await redis.hexists(keyOf(call.id), RESOURCES_FIELD)).toBe(1);
});

/** Joules and calls of an app over all shards: totals, all lifetimes, minutes and hours. */
async function energySums(model: string): Promise<Record<'all' | 'm' | 'h', string>> {
  const sums = { all: [0, 0], m: [0, 0], h: [0, 0] };
  for (const key of await redis.keys(`*:roll:*:${model}:*`)) {
    const [joules, calls] = await redis.hmget(key, 'ej', 'en');
    const kind = /:roll:(all|m|h)/.exec(key)?.[1] as keyof typeof sums;
    sums[kind] = [(sums[kind][0] ?? 0) + Number(joules), (sums[kind][1] ?? 0) + Number(calls)];
  }
  return { all: sums.all.join(), m: sums.m.join(), h: sums.h.join() };
}
const sameEverywhere = (text: string) => ({ all: text, m: text, h: text });

test('energy is counted once where the end was, however often and in whichever order it is told', async () => {
  const model = 'energetic';
  const calls = [aCall({ model }), aCall({ model })];
  const [first, second] = calls as [(typeof calls)[0], (typeof calls)[0]];
  const joules = (call: typeof first, samples: number, energyJoules: number) => ({
    ...{ ...figures(call.id, samples, 10), energyJoules },
  });
  await publish(bus, [first.started(), second.completed()]);
  for (const { id } of calls) {
    await waitFor('the call', async () => (await redis.exists(keyOf(id))) === 1);
  }
  // Of one that runs nothing is counted yet.
  await sample('energy-1', [joules(first, 1, 500), joules(second, 2, 1200)]);
  await waitFor('the energy', async () => (await energySums(model)).all === '1200,1');
  expect(await energySums(model)).toEqual(sameEverywhere('1200,1'));
  await publish(bus, [first.completed()]);
  await waitFor('its end', async () => (await redis.hexists(keyOf(first.id), 'e')) === 1);
  await sample('energy-2', [joules(first, 4, 900.4), joules(second, 2, 1200)]);
  await sample('energy-3', [joules(first, 4, 900.4), joules(second, 3, 1300)]);
  await sample('energy-4', [joules(first, 2, 600), joules(second, 2, 1200)]);
  await sample('energy-5', [figures(first.id, 5, 10)]);
  expect(await energySums(model)).toEqual(sameEverywhere('2200,2'));
  const totals = await Promise.all(
    Array.from({ length: SHARDS }, (_, i) => redis.hget(keys.shard(i).totals(false), 'ej')),
  );
  expect(totals.reduce((sum, text) => sum + Number(text), 0)).toBe(2200);
});

test('an agent that sees no server does not take away what another of its host sees', async () => {
  const host = 'shared';
  const server = { provider: 'ollama', address: 'a:1', reachable: true, version: '0.12.0' };
  const told = (cpuPercent: number, of: HostSampledData['server']) => {
    const data: HostSampledData = {
      ...{ host, cpuPercent, cpuCount: 1, memoryUsedBytes: 1, memoryTotalBytes: 2 },
      ...{ uptimeSeconds: 1, server: of },
    };
    const time = new Date().toISOString();
    const type = 'llm.host.sampled.v1';
    const event = createEvent({ id: randomUUID(), source: '/agents/a', type, time, data });
    return { subject: subjects.hostSampled(host), event };
  };
  await publish(bus, [told(1, server), told(2, null)]);
  const stored = await waitFor('the second sample', async () => {
    const text = await redis.hget(keys.global.hosts, host);
    const kept = text === null ? undefined : (JSON.parse(text) as { sample: HostSampledData });
    return kept?.sample.cpuPercent === 2 && kept;
  });
  expect(stored.sample.server).toEqual(server);
});

test('two servers of one host keep a list each', async () => {
  const listed = (serverAddress: string) => {
    const data = { host: 'two servers', provider: 'ollama', serverAddress, models: [], loaded: [] };
    const time = new Date().toISOString();
    const type = 'llm.models.listed.v1';
    const event = createEvent({ id: randomUUID(), source: '/agents/a', type, time, data });
    return { subject: subjects.modelsListed(data.host), event };
  };
  await publish(bus, [listed('127.0.0.1:11434'), listed('127.0.0.1:8000')]);
  const addresses = await waitFor('both lists', async () => {
    const stored = await redis.hvals(keys.global.models);
    return stored.length === 2 && stored.map((text) => JSON.parse(text).list.serverAddress);
  });
  expect(addresses.toSorted((a: string, b: string) => a.localeCompare(b))).toEqual([
    '127.0.0.1:11434',
    '127.0.0.1:8000',
  ]);
});
