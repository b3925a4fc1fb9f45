import type { StoredCollector } from '@llm-monitor/contracts/redis';
import type { ActiveRequest, Host, ModelStats, Stats, Status } from '@llm-monitor/contracts/rest';
import { beforeEach, describe, expect, test } from 'vitest';

import {
  aCallEndedAt,
  keepHost,
  HOUR_MS,
  MINUTE_MS,
  NOW,
  useFiguresApi,
} from '../helpers/use-figures-api.ts';

const DAY_MS = 24 * HOUR_MS;

describe.each([1, 3])('figures over %i shards', (shards) => {
  const figures = useFiguresApi(shards);
  const { get } = figures;
  let { api, seeder } = figures;
  beforeEach(() => {
    ({ api, seeder } = figures);
  });

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
    const exact = (q: number) => (sorted[Math.ceil(q * sorted.length) - 1] ?? 0) / 1000;
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

  test('a late change of a past hour is seen within a minute, one of this hour at once', async () => {
    const total = async () => (await get<ModelStats[]>('/api/models'))[0]?.total_requests;
    await seeder.ended(aCallEndedAt(NOW - 5 * HOUR_MS));
    expect(await total()).toBe(1);
    await seeder.ended(aCallEndedAt(NOW - 5 * HOUR_MS), aCallEndedAt(NOW - 1000));
    expect(await total()).toBe(2);
    figures.nowMs += 61_000;
    expect(await total()).toBe(3);
  });

  test('answers are shared for a moment, and fresh after it', async () => {
    const total = async () => ((await api.get('/api/status')).body as Status).total_requests;
    figures.elapsedMs += 10_000;
    expect(await total()).toBe(0);
    await seeder.ended(aCallEndedAt(NOW - 1000));
    figures.elapsedMs += 200;
    expect(await total()).toBe(0);
    figures.elapsedMs += 100;
    expect(await total()).toBe(1);
  });
});
