import type { HostSampledData } from '@llm-monitor/contracts/events';
import type { Keys, StoredCollector, StoredHost, StoredModels } from '@llm-monitor/contracts/redis';
import type {
  ActiveRequest,
  Host,
  ModelStats,
  Series,
  Stats,
  Status,
  Trends,
} from '@llm-monitor/contracts/rest';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createSeeder, type SeededCall } from '../helpers/seed-store.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 4, 10, 12, 34, 20);

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

let serial = 0;
const aCallEndedAt = (endedAtMs: number, more: Partial<SeededCall> = {}): SeededCall => ({
  id: `request-${String(serial++).padStart(5, '0')}`,
  startedAtMs: endedAtMs - (more.durationMs ?? 1000),
  endedAtMs,
  ...more,
});

const sample: HostSampledData = {
  host: 'here',
  cpuPercent: 12.5,
  cpuCount: 8,
  memoryUsedBytes: 4e9,
  memoryTotalBytes: 16e9,
  uptimeSeconds: 3600,
  server: { provider: 'ollama', address: '127.0.0.1:11434', reachable: true, version: '0.9.0' },
};

async function keepHost(
  on: { redis: Redis; keys: Keys },
  name: string,
  seenAtMs: number,
  models: string[],
) {
  const host: StoredHost = { seenAtMs, skewMs: 1500, sample: { ...sample, host: name } };
  const kept: StoredModels = {
    seenAtMs,
    list: {
      host: name,
      provider: 'ollama',
      serverAddress: '127.0.0.1:11434',
      models: models.map((model) => ({
        ...{ name: model, sizeBytes: 2e9, family: null, parameterSize: null, quantization: null },
      })),
      loaded: models.slice(0, 1).map((model) => ({
        ...{ name: model, sizeBytes: 3e9, vramBytes: 3e9, expiresAt: null, contextLength: 4096 },
      })),
    },
  };
  await on.redis.hset(on.keys.global.hosts, name, JSON.stringify(host));
  await on.redis.hset(on.keys.global.models, name, JSON.stringify(kept));
}

describe.each([1, 3])('figures over %i shards', (shards) => {
  let api: RunningApi;
  let seeder: ReturnType<typeof createSeeder>;
  let elapsed = 0;
  let nowMs = NOW;
  const get = async <T>(path: string): Promise<T> => {
    // Answers are shared for a moment; every question of a test comes after it.
    elapsed += 10_000;
    const { status, body } = await api.get(path);
    expect(status, JSON.stringify(body)).toBe(200);
    return body as T;
  };

  beforeEach(async () => {
    api = await startApi({
      redisUrl: redis.url,
      shards,
      now: () => nowMs,
      elapsedMs: () => elapsed,
    });
    seeder = createSeeder(api.redis, api.keys);
    nowMs = NOW;
    await api.redis.flushall();
  });
  afterEach(() => api.close());

  test('the status counts every call by how it ended', async () => {
    const usage = { inputTokens: 10, outputTokens: 25, source: 'server' } as const;
    await seeder.ended(
      aCallEndedAt(NOW - 1000, { durationMs: 2000, usage }),
      aCallEndedAt(NOW - 2000, { durationMs: 4000, usage }),
      aCallEndedAt(NOW - 3000, { outcome: 'error' }),
      aCallEndedAt(NOW - 3000, { outcome: 'timeout' }),
      aCallEndedAt(NOW - 3000, { outcome: 'abandoned' }),
    );
    await seeder.running({ id: 'running-1', startedAtMs: NOW - 500 });
    expect(await get<Status>('/api/status')).toMatchObject({
      active_requests: 1,
      total_requests: 6,
      completed_requests: 2,
      failed_requests: 2,
      timeout_requests: 1,
      cancelled_requests: 1,
      success_rate: 50,
      avg_response_time: 3,
      total_tokens: 50,
      input_tokens: 20,
    });
  });

  test('an empty store answers with zeroes, and null for what is not known', async () => {
    expect(await get<Status>('/api/status')).toMatchObject({
      status: 'degraded',
      total_requests: 0,
      success_rate: null,
      avg_response_time: 0,
      models_available: [],
      system: { cpu_percent: null, memory_percent: null },
    });
  });

  test('the status is ok while a collector says that it works', async () => {
    const report = (seenAtMs: number): string =>
      JSON.stringify({ seenAtMs, pending: 0, ackPending: 0 } satisfies StoredCollector);
    await api.redis.hset(
      api.keys.global.collectors,
      'one',
      report(NOW - 60_000),
      'two',
      report(NOW - 3000),
    );
    expect((await get<Status>('/api/status')).status).toBe('ok');
    await api.redis.hset(api.keys.global.collectors, 'two', report(NOW - 11_000));
    expect((await get<Status>('/api/status')).status).toBe('degraded');
  });

  test('a range leaves out what is older, to the minute within two days and to the hour before', async () => {
    await seeder.ended(
      aCallEndedAt(NOW - 5 * MINUTE_MS),
      aCallEndedAt(NOW - 20 * MINUTE_MS),
      aCallEndedAt(NOW - 5 * HOUR_MS),
      aCallEndedAt(NOW - 7 * HOUR_MS),
      aCallEndedAt(NOW - 6 * DAY_MS),
      aCallEndedAt(NOW - 8 * DAY_MS),
    );
    const totals = Object.fromEntries(
      await Promise.all(
        ['1m', '15m', '30m', '6h', '48h', '7d', '90d'].map(async (range) => {
          const { total_requests } = await get<Status>(`/api/status?range=${range}`);
          return [range, total_requests] as const;
        }),
      ),
    );
    expect(totals).toEqual({ '1m': 0, '15m': 1, '30m': 2, '6h': 3, '48h': 4, '7d': 5, '90d': 6 });
  });

  test('demo traffic is left out, added, or alone, in every figure', async () => {
    await seeder.ended(
      aCallEndedAt(NOW - 1000),
      aCallEndedAt(NOW - 1000, { demo: true, model: 'demo' }),
    );
    await seeder.running(
      { id: 'running-1', startedAtMs: NOW - 500 },
      { id: 'running-2', startedAtMs: NOW - 500, demo: true },
      { id: 'running-3', startedAtMs: NOW - 500, demo: true },
    );
    const seen = async (query: string) => {
      const status = await get<Status>(`/api/status?${query}`);
      const ranged = await get<Status>(`/api/status?range=1h&${query}`);
      const stats = await get<Stats>(`/api/stats?${query}`);
      const active = await get<ActiveRequest[]>(`/api/active?${query}`);
      expect(ranged.total_requests).toBe(status.total_requests);
      expect(stats.totals.total_requests).toBe(status.total_requests);
      expect(active.length).toBe(status.active_requests);
      return [status.total_requests, status.active_requests];
    };
    expect(await seen('')).toEqual([2, 1]);
    expect(await seen('demo=false')).toEqual([2, 1]);
    expect(await seen('demo=true')).toEqual([5, 3]);
    expect(await seen('demo=only')).toEqual([3, 2]);
  });

  test('percentiles are within two percent of the true ones', async () => {
    let state = 42;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const durations = Array.from({ length: 500 }, () => Math.round(20 + 60_000 * random() ** 4));
    await seeder.ended(
      ...durations.map((durationMs, n) =>
        aCallEndedAt(NOW - n * 7 * MINUTE_MS, { durationMs, ttftMs: durationMs / 10 }),
      ),
    );
    const sorted = durations.toSorted((a, b) => a - b);
    const exact = (q: number) => (sorted[Math.floor(q * (sorted.length - 1))] ?? 0) / 1000;
    const { totals } = await get<Stats>('/api/stats?range=7d');
    const [model] = await get<ModelStats[]>('/api/models');
    for (const figures of [totals, model]) {
      for (const [q, value] of [
        [0.5, figures?.p50],
        [0.95, figures?.p95],
        [0.99, figures?.p99],
      ] as const) {
        expect(Math.abs((value ?? 0) - exact(q)) / exact(q), `p${q * 100}`).toBeLessThanOrEqual(
          0.021,
        );
      }
      expect(Math.abs((figures?.ttft_p50 ?? 0) * 10 - exact(0.5)) / exact(0.5)).toBeLessThanOrEqual(
        0.021,
      );
    }
  });

  test('statistics are split by model and by app, and add up to the totals', async () => {
    await seeder.ended(
      aCallEndedAt(NOW - 1000, { model: 'phi3', app: 'bot' }),
      aCallEndedAt(NOW - 1000, { model: 'phi3', app: 'shop', outcome: 'error' }),
      aCallEndedAt(NOW - 1000, { model: 'mistral', app: 'shop' }),
    );
    const stats = await get<Stats>('/api/stats?range=1h');
    expect(stats.totals).toMatchObject({ total_requests: 3, failed_requests: 1 });
    expect(stats.by_model).toMatchObject([
      { name: 'phi3', total_requests: 2, success_rate: 50 },
      { name: 'mistral', total_requests: 1, success_rate: 100 },
    ]);
    expect(stats.by_app).toMatchObject([
      { name: 'shop', total_requests: 2 },
      { name: 'bot', total_requests: 1 },
    ]);
    expect(stats).toMatchObject({ range: '1h', from: '2026-05-10T11:34:00.000Z' });
  });

  test('models that were called and models that a server lists are one list', async () => {
    await keepHost(api, 'here', NOW - 5000, ['mistral:latest', 'unused:7b']);
    await seeder.ended(aCallEndedAt(NOW - 90_000, { model: 'mistral', durationMs: 1000 }));
    await seeder.running({ id: 'running-1', model: 'gone:1b', startedAtMs: NOW - 500 });
    const models = await get<ModelStats[]>('/api/models');
    expect(models).toMatchObject([
      { name: 'gone:1b', available: false, active_requests: 1, total_requests: 1, p50: null },
      { name: 'mistral', available: true, loaded: true, last_used: '2026-05-10T12:32:49.000Z' },
      { name: 'unused:7b', available: true, loaded: false, total_requests: 0, last_used: null },
    ]);
  });

  test('what a machine said long ago counts no more', async () => {
    await keepHost(api, 'here', NOW - 91_000, ['old:1b']);
    await keepHost(api, 'there', NOW - 30_000, ['new:1b']);
    const status = await get<Status>('/api/status');
    expect(status.models_available).toEqual(['new:1b']);
    expect(status.system).toEqual({
      cpu_percent: 12.5,
      memory_percent: 25,
      memory_used_bytes: 4e9,
      memory_total_bytes: 16e9,
    });
    const hosts = await get<Host[]>('/api/hosts');
    expect(hosts).toMatchObject([
      { name: 'here', online: false, clock_skew: 1.5, models_available: [] },
      { name: 'there', online: true, cpu_count: 8, models_loaded: [{ name: 'new:1b' }] },
    ]);
  });

  test('running calls are shown oldest first with their last progress', async () => {
    await seeder.running(
      { id: 'running-2', startedAtMs: NOW - 2000, ttftMs: 300, promptPreview: 'Second' },
      { id: 'running-1', startedAtMs: NOW - 9000, promptPreview: 'First' },
    );
    const progress = {
      atMs: NOW,
      phase: 'generating',
      chunks: 41,
      chars: 200,
      tokensPerSecond: 20.5,
    };
    await seeder.progress({ id: 'running-2' }, progress);
    expect(await get<ActiveRequest[]>('/api/active')).toMatchObject([
      {
        id: 'running-1',
        phase: 'waiting',
        duration: 9,
        tokens_generated: 0,
        time_to_first_token: null,
      },
      {
        ...{ id: 'running-2', phase: 'generating', tokens_generated: 41, tokens_per_second: 20.5 },
        ...{ time_to_first_token: 0.3, prompt: 'Second' },
      },
    ]);
  });

  test('a call is found by its id alone, running or ended, the newest where two apps used it', async () => {
    await seeder.running({ id: 'running-1', startedAtMs: NOW - 2000, app: 'bot' });
    await seeder.ended(aCallEndedAt(NOW - 5000, { id: 'the-same-id', app: 'shop', model: 'old' }));
    await seeder.ended(aCallEndedAt(NOW - 1000, { id: 'the-same-id', app: 'bot', model: 'new' }));
    expect(await get('/api/requests/running-1')).toMatchObject({ status: 'running', app: 'bot' });
    expect(await get('/api/requests/the-same-id')).toMatchObject({
      status: 'completed',
      model: 'new',
    });
    expect((await api.get('/api/requests/nobody-knows')).status).toBe(404);
  });

  test('a series has a point for every step: counts are 0 where nothing was, all else null', async () => {
    await seeder.ended(
      aCallEndedAt(NOW - 2 * MINUTE_MS, { durationMs: 2000 }),
      aCallEndedAt(NOW - 2 * MINUTE_MS, { durationMs: 4000 }),
      aCallEndedAt(NOW - 2 * MINUTE_MS, { outcome: 'error' }),
    );
    const series = async (query: string) => {
      const { points, ...rest } = await get<Series>(`/api/series?range=4m&${query}`);
      return {
        ...rest,
        times: points.map(({ t }) => t.slice(11, 16)),
        values: points.map(({ v }) => v),
      };
    };
    expect(await series('metric=completed')).toEqual({
      ...{ metric: 'completed', unit: 'requests', step: 60 },
      times: ['12:30', '12:31', '12:32', '12:33', '12:34'],
      values: [0, 0, 2, 0, 0],
    });
    expect(await series('metric=avg_response_time')).toMatchObject({
      unit: 's',
      values: [null, null, 3, null, null],
    });
    expect((await series('metric=success_rate')).values[2]).toBeCloseTo(66.67, 2);
    expect((await series('metric=completed&model=nobody')).values).toEqual([0, 0, 0, 0, 0]);
    expect(await series('metric=completed&step=300')).toMatchObject({ step: 300, values: [2] });
  });

  test('a long series is made of hours and adds up to the same', async () => {
    await seeder.ended(...[1, 5, 30, 100, 160].map((hours) => aCallEndedAt(NOW - hours * HOUR_MS)));
    const { points, step } = await get<Series>('/api/series?metric=requests&range=7d');
    expect(step).toBe(3600);
    expect(points.reduce((sum, { v }) => sum + (v ?? 0), 0)).toBe(5);
    const days = await get<Series>('/api/series?metric=requests&range=7d&step=86400');
    expect(days.points.map(({ v }) => v)).toEqual([1, 0, 0, 1, 0, 0, 1, 2]);
  });

  test('a series of a machine is the mean of its samples, with gaps', async () => {
    const keep = (host: string, atMs: number, cpuPercent: number) =>
      api.redis.hset(
        api.keys.global.hostSeries(host, Math.floor(atMs / HOUR_MS)),
        String(Math.floor(atMs / MINUTE_MS)),
        JSON.stringify({ cpuPercent, memoryUsedBytes: 1, memoryTotalBytes: 4 }),
      );
    await keepHost(api, 'here', NOW, []);
    await keepHost(api, 'there', NOW, []);
    await keep('here', NOW - 3 * MINUTE_MS, 20);
    await keep('there', NOW - 3 * MINUTE_MS, 60);
    await keep('here', NOW - 35 * MINUTE_MS, 80);
    const values = async (query: string) =>
      (await get<Series>(`/api/series?${query}`)).points.map(({ v }) => v);
    expect(await values('metric=cpu_percent&range=4m')).toEqual([null, 40, null, null, null]);
    expect(await values('metric=cpu_percent&range=4m&host=here')).toEqual([
      null,
      20,
      null,
      null,
      null,
    ]);
    expect(await values('metric=memory_percent&range=1h&step=1800&host=here')).toEqual([
      25,
      null,
      25,
    ]);
  });

  test('several metrics come in one answer, with the calls that ran at the end of each step', async () => {
    await seeder.ended(
      aCallEndedAt(NOW - 60_000, { durationMs: 110_000, host: 'here' }),
      aCallEndedAt(NOW - 70_000, { durationMs: 10_000, outcome: 'error', host: 'here' }),
    );
    await seeder.running({ id: 'running-1', startedAtMs: NOW - 2 * MINUTE_MS, host: 'here' });
    const trends = async (query: string) => {
      const answer = await get<Trends>(`/api/trends?${query}`);
      const values = Object.fromEntries(answer.series.map(({ metric, values: v }) => [metric, v]));
      return { ...answer, values };
    };
    const minutes = await trends('range=4m&metrics=requests,failed,active');
    expect(minutes).toMatchObject({ start: '2026-05-10T12:30:00.000Z', step: 60, marks: [] });
    expect(minutes.values).toEqual({
      ...{ requests: [0, 1, 1, 1, 0], failed: [0, 0, 0, 1, 0], active: [0, 1, 2, 1, 1] },
    });
    const past = await trends(
      'from=2026-05-10T12:30:00Z&to=2026-05-10T12:33:00Z&metrics=active,requests',
    );
    expect(past.values).toEqual({ active: [0, 1, 2], requests: [0, 1, 1] });
    expect((await trends('range=4m&metrics=active&host=there')).values['active']).toEqual([
      ...[0, 0, 0, 0, 0],
    ]);
  });

  test('models in memory are told over time, and when they came and went', async () => {
    const keep = (atMs: number, field: string, point: object) =>
      api.redis.hset(
        api.keys.global.hostSeries('here', Math.floor(atMs / HOUR_MS)),
        `${Math.floor(atMs / MINUTE_MS)}${field}`,
        JSON.stringify(point),
      );
    const held = (...names: string[]) =>
      names.map((name) => ({ name, memoryBytes: 3e9, vramBytes: 2e9 }));
    await keepHost(api, 'here', NOW, []);
    await keep(NOW - 3 * MINUTE_MS, ':a', { atMs: NOW - 3 * MINUTE_MS, loaded: held('old') });
    await keep(NOW - MINUTE_MS, ':a', { atMs: NOW - MINUTE_MS, loaded: held('old', 'new') });
    await keep(NOW - MINUTE_MS, '', {
      ...{ cpuPercent: 1, memoryUsedBytes: 1, memoryTotalBytes: 2 },
      ...{ gpuPercent: 50, vramUsedBytes: 5e9, vramTotalBytes: 8e9 },
    });
    const { series, marks } = await get<Trends>(
      '/api/trends?range=4m&metrics=models_vram_bytes,gpu_percent,vram_used_bytes',
    );
    expect(series.map(({ values }) => values)).toEqual([
      [null, 2e9, null, 4e9, null],
      [null, null, null, 50, null],
      [null, null, null, 5e9, null],
    ]);
    expect(marks).toEqual([
      { at: new Date(NOW - MINUTE_MS).toISOString(), kind: 'loaded', host: 'here', model: 'new' },
    ]);
  });

  test('totals of a day of 23 hours are those of its hours, long after its minutes are gone', async () => {
    // In Rome the clocks go forward on 29 March 2026: the day begins at 23:00 and ends at 22:00 UTC.
    const [from, to] = ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'];
    const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
    await seeder.ended(
      ...[fromMs - 1000, fromMs + 2000, fromMs + 12 * HOUR_MS, toMs - 1000, toMs + 2000].map(
        (atMs) => aCallEndedAt(atMs, { durationMs: 500 }),
      ),
    );
    const stats = await get<Stats>(`/api/stats?from=${from}&to=${to}`);
    expect(stats).toMatchObject({
      from: '2026-03-28T23:00:00.000Z',
      totals: { total_requests: 3 },
    });
    expect(stats.durations).toEqual([{ from: 0.491959, to: 0.512031, count: 3 }]);
    const { points } = await get<Series>(`/api/series?metric=requests&from=${from}&to=${to}`);
    expect(points).toHaveLength(23);
    expect(points.reduce((sum, { v }) => sum + (v ?? 0), 0)).toBe(3);
  });

  test('facets count what a press on them would show', async () => {
    await seeder.ended(
      aCallEndedAt(NOW - 1000, { model: 'phi3', app: 'bot' }),
      aCallEndedAt(NOW - 1000, { model: 'phi3', app: 'chat', outcome: 'timeout' }),
      aCallEndedAt(NOW - 5 * HOUR_MS, { model: 'llama', app: 'bot', outcome: 'error' }),
    );
    expect(await get('/api/facets?model=phi3')).toMatchObject({
      status: [
        { name: 'completed', count: 1 },
        { name: 'failed', count: 0 },
        { name: 'timeout', count: 1 },
        { name: 'cancelled', count: 0 },
      ],
      model: [
        { name: 'phi3', count: 2 },
        { name: 'llama', count: 1 },
      ],
      app: [
        { name: 'bot', count: 1 },
        { name: 'chat', count: 1 },
      ],
    });
    expect(await get('/api/facets?range=1h&status=failed,timeout')).toMatchObject({
      model: [{ name: 'phi3', count: 1 }],
      app: [{ name: 'chat', count: 1 }],
    });
  });

  test('a late change of a past hour is seen within a minute, one of this hour at once', async () => {
    const total = async () => (await get<ModelStats[]>('/api/models'))[0]?.total_requests;
    await seeder.ended(aCallEndedAt(NOW - 5 * HOUR_MS));
    expect(await total()).toBe(1);
    await seeder.ended(aCallEndedAt(NOW - 5 * HOUR_MS), aCallEndedAt(NOW - 1000));
    expect(await total()).toBe(2);
    nowMs += 61_000;
    expect(await total()).toBe(3);
  });

  test('answers are shared for a moment, and fresh after it', async () => {
    const total = async () => ((await api.get('/api/status')).body as Status).total_requests;
    elapsed += 10_000;
    expect(await total()).toBe(0);
    await seeder.ended(aCallEndedAt(NOW - 1000));
    elapsed += 200;
    expect(await total()).toBe(0);
    elapsed += 100;
    expect(await total()).toBe(1);
  });
});
