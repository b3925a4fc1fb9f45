import type { Series, Stats, Trends } from '@llm-monitor/contracts/rest';
import { beforeEach, describe, expect, test } from 'vitest';

import {
  aCallEndedAt,
  keepHost,
  HOUR_MS,
  MINUTE_MS,
  NOW,
  useFiguresApi,
} from '../helpers/use-figures-api.ts';

describe.each([1, 3])('figures over time over %i shards', (shards) => {
  const figures = useFiguresApi(shards);
  const { get } = figures;
  let { api, seeder } = figures;
  beforeEach(() => {
    ({ api, seeder } = figures);
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
});
