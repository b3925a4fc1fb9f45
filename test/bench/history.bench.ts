// The history of a million calls: memory that Redis takes for each, and how long pages of it take, first ones and deep ones, with
// filters that match much, little or nothing. Beside it the same page of a thousand calls.
import { createKeys } from '@llm-monitor/contracts/redis';
import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { Redis } from 'ioredis';

import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { fillHistory } from './fill-history.ts';
import { median, percentile, printTable } from './measure.ts';

const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 1_000_000);
const SMALL = 1000;
const ROUNDS = 7;
const LIMIT = 50;
async function usedMemory(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}

const NEXT = /^<([^>]+)>; rel="next"/;

/** A page, and how long it took. */
async function readPage(api: RunningApi, path: string) {
  const beganMs = performance.now();
  const { body, headers, status } = await api.get(path);
  const tookMs = performance.now() - beganMs;
  if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
  const next = NEXT.exec(headers.get('link') ?? '')?.[1];
  return { calls: body as EndedRequest[], next, tookMs };
}

/** From page to page to the end, or to the first call that is found. */
async function search(api: RunningApi, path: string): Promise<{ pages: number; tookMs: number }> {
  const beganMs = performance.now();
  let next: string | undefined = path;
  let pages = 0;
  while (next !== undefined) {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(api, next);
    pages++;
    next = page.calls.length > 0 ? undefined : page.next;
  }
  return { pages, tookMs: performance.now() - beganMs };
}

const QUERIES = {
  newest: '',
  'a model (1 in 5)': '&model=model-3:8b',
  'an app (1 in 20)': '&app=app-7',
  'failed (1 in 50)': '&status=failed',
  'from, to: an hour of the third day': `&from=${iso(-3.5)}&to=${iso(-3.46)}`,
  'q: a frequent word': '&q=stars',
  'q: only the oldest has it': '&q=needle',
  'q: nothing has it': '&q=nowhere-at-all',
  'a session that nobody has': '&session=none',
};

function iso(days: number): string {
  return encodeURIComponent(new Date(Date.now() + days * 86_400_000).toISOString());
}

async function measure(api: RunningApi, query: string) {
  const path = `/api/requests?limit=${LIMIT}${query}`;
  const times: number[] = [];
  let page = await readPage(api, path);
  for (let round = 0; round < ROUNDS; round++) {
    page = await readPage(api, path);
    times.push(page.tookMs);
  }
  return { ...page, times };
}

/** A page after nine tenths of the history, as a person would come to it by cursors. */
async function measureDeep(api: RunningApi, redis: Redis): Promise<number[]> {
  const keys = createKeys({ shards: 1 }).shard(0);
  const hours = (await redis.smembers(keys.historyHours)).map(Number).toSorted((a, b) => a - b);
  const hour = hours[Math.floor(hours.length / 10)] ?? 0;
  const to = encodeURIComponent(new Date((hour + 1) * 3_600_000).toISOString());
  let { next } = await readPage(api, `/api/requests?limit=${LIMIT}&to=${to}`);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS && next !== undefined; round++) {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(api, next);
    times.push(page.tookMs);
    next = page.next;
  }
  return times;
}

async function withHistory<T>(
  count: number,
  use: (api: RunningApi, redis: Redis) => Promise<T>,
): Promise<T> {
  const server = await startRedis({ args: ['--appendonly', 'no'] });
  const redis = new Redis(server.url);
  const before = await usedMemory(redis);
  await fillHistory(redis, count);
  const bytes = ((await usedMemory(redis)) - before) / count;
  process.stdout.write(`${count} calls: ${bytes.toFixed(0)} bytes of Redis memory a call\n`);
  const api = await startApi({ redisUrl: server.url, shards: 1 });
  try {
    return await use(api, redis);
  } finally {
    await api.close();
    redis.disconnect();
    await server.stop();
  }
}

/** Fewer calls an hour than a packed list of them takes, with the texts of the previews and without. */
async function measureFewer(count: number, hasTexts: boolean): Promise<void> {
  const server = await startRedis({ args: ['--appendonly', 'no'] });
  const redis = new Redis(server.url);
  const before = await usedMemory(redis);
  await fillHistory(redis, count, hasTexts);
  const bytes = ((await usedMemory(redis)) - before) / count;
  const capture = hasTexts ? 'on' : 'off';
  process.stdout.write(
    `${count} calls with capture ${capture}: ${bytes.toFixed(0)} bytes of Redis memory a call\n`,
  );
  redis.disconnect();
  await server.stop();
}

const ms = (times: readonly number[]) => [
  median(times).toFixed(1),
  percentile(times, 1).toFixed(1),
];
const small = await withHistory(SMALL, async (api) => {
  const results = new Map<string, number[]>();
  for (const [name, query] of Object.entries(QUERIES)) {
    results.set(name, (await measure(api, query)).times);
  }
  return results;
});
for (const hasTexts of [true, false]) {
  await measureFewer(Math.min(REQUESTS, 100_000), hasTexts);
}
await withHistory(REQUESTS, async (api, redis) => {
  const rows: (string | number)[][] = [
    ['first page', `of ${SMALL}: ms`, `of ${REQUESTS}: ms`, 'slowest', 'calls', 'cursor'],
  ];
  for (const [name, query] of Object.entries(QUERIES)) {
    const { times, calls, next } = await measure(api, query);
    const [typical = '', slowest = ''] = ms(times);
    const before = median(small.get(name) ?? []).toFixed(1);
    rows.push([name, before, typical, slowest, calls.length, next ? 'yes' : '–']);
  }
  const [typical = '', slowest = ''] = ms(await measureDeep(api, redis));
  rows.push(['after nine tenths, by cursor', '–', typical, slowest, LIMIT, 'yes']);
  printTable(rows);
  const found = await search(api, `/api/requests?limit=${LIMIT}&q=needle`);
  const seconds = (found.tookMs / 1000).toFixed(1);
  process.stdout.write(`the oldest call by its text: ${found.pages} pages, ${seconds} s\n`);
});
