import type { Verdict } from '@llm-monitor/contracts/events';
import type { StoredVerdicts } from '@llm-monitor/contracts/redis';
import type { AnyRequest, CostSettings, EndedRequest, Stats } from '@llm-monitor/contracts/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createSeeder } from '../helpers/seed-store.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';

const since = '2026-05-01T10:00:00.000Z';
/** One of each kind. */
const VERDICTS: Verdict[] = [
  { kind: 'stalled', since, reason: { usualGapSeconds: 0.2, limitSeconds: 10 } },
  { kind: 'looping', since, reason: { period: 40, times: 30 } },
  { kind: 'runaway', since, reason: { tokens: 900, usualTokens: 100, maxTokens: 500 } },
  { kind: 'queued', since, reason: { ahead: 2, behind: [{ id: 'request-1', app: 'shop' }] } },
  { kind: 'loading', since, reason: { usualSeconds: 8 } },
  {
    kind: 'truncated',
    since,
    reason: { estimatedTokens: 9000, countedTokens: 4000, contextTokens: 4096 },
  },
];

const PRICES: CostSettings = {
  ...{ currency: 'CHF', price_per_kwh: 0.25 },
  cloud_prices: [{ model: 'llama*', input_per_million: 1000, output_per_million: 2000 }],
};
const setPrices = (settings: unknown) =>
  api.get('/api/settings/costs', {
    ...{ method: 'PUT', body: JSON.stringify(settings) },
    headers: { 'content-type': 'application/json' },
  });

let redis: RedisServer;
let api: RunningApi;

beforeAll(async () => {
  redis = await startRedis();
  api = await startApi({ redisUrl: redis.url, shards: 2 });
  const { verdicts, endedVerdicts } = api.keys.global;
  const found: StoredVerdicts = { model: 'm', verdicts: VERDICTS };
  await api.redis.hset(verdicts, 'running-1:shop', JSON.stringify(found));
  await api.redis.hset(endedVerdicts, 'completed-1:shop', JSON.stringify(found));
  const seeder = createSeeder(api.redis, api.keys);
  const startedAtMs = Date.now() - 5000;
  await seeder.running({ id: 'running-1', startedAtMs, ttftMs: 20 });
  await seeder.ended({
    ...{ id: 'completed-1', startedAtMs, durationMs: 3000, ttftMs: 250 },
    usage: { inputTokens: 12, outputTokens: 30, source: 'server' },
  });
});
afterAll(async () => {
  await api.close();
  await redis.stop();
});

test('tell what calls cost by the prices that are set, and refuse prices that are none', async () => {
  const unset = { currency: 'EUR', price_per_kwh: null, cloud_prices: [] };
  expect((await api.get('/api/settings/costs')).body).toEqual(unset);
  expect((await api.get('/api/requests/completed-1')).body).not.toHaveProperty('cost');
  expect((await setPrices(PRICES)).body).toEqual(PRICES);
  // 12 tokens read, 30 generated; of its energy nobody told.
  const cost = { currency: 'CHF', energy: null, cloud: 0.072 };
  const call = (await api.get('/api/requests/completed-1')).body as EndedRequest;
  expect(call.cost).toEqual(cost);
  const stats = (await api.get('/api/stats?range=1h&model=llama3.2:3b')).body as Stats;
  expect(stats.by_model[0]?.cost).toEqual(stats.totals.cost);
  expect(stats.totals.cost?.cloud).toBeGreaterThanOrEqual(0.072);
  expect(stats.totals).not.toHaveProperty('energy_wh');
  for (const wrong of [{ ...PRICES, currency: 'euro' }, { ...PRICES, price_per_kwh: -1 }, {}]) {
    expect((await setPrices(wrong)).status).toBe(400);
  }
  expect((await api.get('/api/settings/costs')).body).toEqual(PRICES);
});

test('have all numbers of a verdict, running or ended, alone and in lists', async () => {
  for (const path of ['/api/active', '/api/requests', '/api/requests/running-1']) {
    const { body } = await api.get(path);
    const calls = (Array.isArray(body) ? body : [body]) as AnyRequest[];
    const found = calls.find(({ id }) => id === 'running-1' || id === 'completed-1');
    expect(found?.verdicts, path).toEqual(VERDICTS);
  }
});

test('choose calls of the history and of exports, on every page of them', async () => {
  const seeder = createSeeder(api.redis, api.keys);
  const startedAtMs = Date.now() - 4000;
  const cut: StoredVerdicts = { model: 'm', verdicts: VERDICTS.slice(-1) };
  for (let i = 0; i < 12; i++) {
    await seeder.ended({ id: `other-${i}`, startedAtMs: startedAtMs + i, durationMs: 10 });
    if (i % 4 === 0) {
      const { endedVerdicts } = api.keys.global;
      await api.redis.hset(endedVerdicts, `other-${i}:shop`, JSON.stringify(cut));
    }
  }
  const idsOf = async (path: string) => {
    const { status, body, headers } = await api.get(path);
    expect(status, JSON.stringify(body)).toBe(200);
    return { ids: (body as EndedRequest[]).map(({ id }) => id), link: headers.get('link') };
  };
  const first = await idsOf('/api/requests?verdict=truncated&limit=2');
  expect(first.ids).toEqual(['completed-1', 'other-8']);
  const next = /<([^>]+)>/.exec(first.link ?? '')?.[1] ?? '';
  expect(next).toContain('verdict=truncated');
  expect((await idsOf(next)).ids).toEqual(['other-4', 'other-0']);
  expect((await idsOf('/api/requests?verdict=stalled')).ids).toEqual(['completed-1']);
  const narrowed = await idsOf('/api/export.json?verdict=truncated&q=other-4');
  expect(narrowed.ids).toEqual(['other-4']);
  const odd = await api.get('/api/requests?verdict=odd');
  expect(odd).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('stalled, looping, runaway or truncated') },
  });
});
