import type { Trends } from '@llm-monitor/contracts/rest';
import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, test } from 'vitest';

import {
  aCallEndedAt,
  HOUR_MS,
  MINUTE_MS,
  NOW,
  useFiguresApi,
} from '../helpers/use-figures-api.ts';

type Row = Record<string, string | number | boolean | null>;

const figures = useFiguresApi(2);
const text = async (path: string) => (await fetch(figures.api.url + path)).text();
const table = async (path: string) => parse(await text(path), { columns: true }) as Row[];
const list = async (path: string) => JSON.parse(await text(path)) as Row[];
const FORMULA = '=cmd|calc:1b';

beforeEach(async () => {
  const usage = { inputTokens: 5, outputTokens: 50, source: 'server' } as const;
  await figures.seeder.ended(
    ...Array.from({ length: 20 }, (_, i) =>
      aCallEndedAt(NOW - 90_000 - i, { durationMs: 2000, ttftMs: 500, usage }),
    ),
    aCallEndedAt(NOW - 90_000, { outcome: 'timeout', app: 'bot', model: FORMULA }),
    aCallEndedAt(NOW - 3 * HOUR_MS, { host: 'here', durationMs: 4000 }),
    aCallEndedAt(NOW - 90_000, { demo: true }),
  );
});

describe('rollups as a file', () => {
  test('have a row for each minute, model, app and machine, oldest first, that add up to the totals', async () => {
    const rows = await table('/api/export/rollups.csv?range=6h');
    expect(rows.map(({ start, model, app, host }) => [start, model, app, host])).toEqual([
      ['2026-05-10T09:34:00.000Z', 'llama3.2:3b', 'shop', 'here'],
      ['2026-05-10T12:32:00.000Z', `'${FORMULA}`, 'bot', ''],
      ['2026-05-10T12:32:00.000Z', 'llama3.2:3b', 'shop', ''],
    ]);
    expect(rows[2]).toMatchObject({
      ...{ step: '60', demo: 'false', started: '20', completed: '20', failed: '0' },
      ...{ input_tokens: '100', output_tokens: '1000', inferences: '20', duration_sum: '40' },
      ...{ first_tokens: '20', time_to_first_token_sum: '10', generation_sum: '30' },
    });
    // Within 2 %.
    expect(Math.abs(Number(rows[2]?.['duration_p95']) - 2)).toBeLessThanOrEqual(0.04);
    expect(Math.abs(Number(rows[2]?.['ttft_p50']) - 0.5)).toBeLessThanOrEqual(0.01);
    expect(rows[1]).toMatchObject({ failed: '1', timeouts: '1', duration_p50: '' });
  });

  test('are the same in every format, by the hour too, and narrowed as asked', async () => {
    const query = 'from=2026-05-10T09:00:00Z&to=2026-05-10T13:00:00Z&resolution=hour';
    const rows = await list(`/api/export/rollups.json?${query}`);
    expect(rows.map(({ start, step, model }) => [start, step, model])).toEqual([
      ['2026-05-10T09:00:00.000Z', 3600, 'llama3.2:3b'],
      ['2026-05-10T12:00:00.000Z', 3600, FORMULA],
      ['2026-05-10T12:00:00.000Z', 3600, 'llama3.2:3b'],
    ]);
    expect(rows[1]).toMatchObject({ duration_p50: null, host: null, demo: false });
    const lines = (await text(`/api/export/rollups.ndjson?${query}`)).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as Row)).toEqual(rows);
    expect(await list(`/api/export/rollups.json?${query}&app=bot`)).toEqual([rows[1]]);
    expect(await list(`/api/export/rollups.json?${query}&host=here`)).toEqual([rows[0]]);
    expect(await list(`/api/export/rollups.json?${query}&demo=only`)).toMatchObject([
      { demo: true },
    ]);
    expect(await list('/api/export/rollups.json?model=nothing')).toEqual([]);
  });

  test('come as a file', async () => {
    const answer = await fetch(`${figures.api.url}/api/export/rollups.csv`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="llm-monitor-rollups-2026-05-10.csv"',
    );
    await answer.body?.cancel();
  });

  test('of many minutes with many combinations are all there, once', async () => {
    const calls = Array.from({ length: 3000 }, (_, i) =>
      aCallEndedAt(NOW - 5 * HOUR_MS - (i % 75) * MINUTE_MS, { model: `m-${i % 40}`, app: 'many' }),
    );
    await figures.seeder.ended(...calls);
    const rows = await table('/api/export/rollups.csv?range=24h&app=many');
    const keys = new Set(rows.map(({ start, model }) => `${start} ${model}`));
    expect(keys.size).toBe(rows.length);
    const completed = rows.reduce((sum, row) => sum + Number(row['completed']), 0);
    expect(completed).toBe(3000);
    const starts = rows.map(({ start }) => String(start));
    expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? -1 : 1)));
  });
});

test('series as a file are the values of the trends, a row a step', async () => {
  const query = 'metrics=requests,p95,success_rate&range=6h';
  const trends = await figures.get<Trends>(`/api/trends?${query}`);
  const rows = await list(`/api/export/series.json?${query}`);
  expect(Object.keys(rows[0] ?? {})).toEqual(['start', 'requests', 'p95', 'success_rate']);
  for (const { metric, values } of trends.series) {
    expect(rows.map((row) => row[metric])).toEqual(values);
  }
  expect(rows[0]?.['start']).toBe(trends.start);
  const cells = await table(`/api/export/series.csv?${query}`);
  expect(cells.map(({ requests }) => Number(requests))).toEqual(trends.series[0]?.values);
  expect(cells.filter(({ p95 }) => p95 !== '')).toHaveLength(2);
  const lines = (await text(`/api/export/series.ndjson?${query}`)).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as Row)).toEqual(rows);
});
