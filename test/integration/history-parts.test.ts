// An hour of the history is one list, or sixteen parts where the hour before had more calls than Redis packs in one. Here in one shard of
// two: written by the collector's script, read by the API, and let go and deleted by a collector.
import { createRequestStore } from '@llm-monitor/collector/request-store';
import { createKeys, historyLists, shardOf, type RecordForm } from '@llm-monitor/contracts/redis';
import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall, type Published } from '../helpers/an-event.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { toParsed } from '../helpers/to-parsed.ts';
import { waitFor } from '../helpers/wait-for.ts';

const SHARDS = 2;
const HOUR_MS = 3_600_000;
/** Full in one shard; the next hour comes behind it. */
const FULL = Math.floor(Date.now() / HOUR_MS) - 3;
const NEXT = FULL + 1;
const keys = createKeys({ shards: SHARDS });

let nats: NatsServer;
let server: RedisServer;
let redis: Redis;
let api: RunningApi;
let collector: Service | undefined;
let form: RecordForm = 'short';
beforeAll(async () => {
  [nats, server] = await Promise.all([startNats(), startRedis()]);
  redis = new Redis(server.url);
  api = await startApi({ redisUrl: server.url, shards: SHARDS, natsUrl: nats.url });
});
afterAll(async () => {
  await collector?.stop();
  await api?.close();
  redis?.disconnect();
  await Promise.all([nats?.stop(), server?.stop()]);
});

const apply = async (events: readonly Published[]) => {
  const store = createRequestStore(redis, keys, {
    ...{ leaseMs: 35_000, defaultLeaseMs: 1_800_000, requestTtlSeconds: 7 * 86_400 },
    ...{
      feedMaxEntries: 64,
      dedupe: true,
      form: () => form,
      inBlocks: () => true,
      feedJoined: () => true,
    },
  });
  const parsed = events.map(toParsed);
  await store.apply(() => parsed);
};

/** Ids of a shard, by a number. */
const idsOf = (shard: number, count: number, name: string): string[] => {
  const ids: string[] = [];
  for (let i = 0; ids.length < count; i++) {
    const id = `${name}-${String(i).padStart(6, '0')}`;
    if (shardOf(id, SHARDS) === shard) ids.push(id);
  }
  return ids;
};
const DURATION_MS = 1000;
const endOf = (
  requestId: string,
  endedAtMs: number,
  end: 'completed' | 'orphaned' = 'completed',
) => {
  const call = aCall({ requestId, app: 'shop', startedAt: new Date(endedAtMs - DURATION_MS) });
  const ended =
    end === 'completed'
      ? call.completed({ durationMs: DURATION_MS })
      : call.failed({ durationMs: DURATION_MS, outcome: 'orphaned' });
  if (end === 'orphaned') ended.event.id = `${requestId}:orphan`;
  return [call.started(), ended];
};
/** Calls that end evenly over an hour, as the history shows them: newest first. */
const spread = (ids: readonly string[], hour: number) =>
  ids.map((id, i) => ({ id, endedAtMs: Math.floor((hour + (i + 0.5) / ids.length) * HOUR_MS) }));
const hoursOf = async (shard: number) => {
  const { historyHours, historyParted } = keys.shard(shard);
  const parted = await redis.zrange(historyParted, '0', '-1');
  return historyLists(await redis.smembers(historyHours), parted);
};
const listOf = async (shard: number, hour: number) =>
  (await redis.zrange(keys.shard(shard).history(hour), '0', '-1')).map(
    (member) => member.split(':')[0],
  );

async function walk(path: string): Promise<string[]> {
  const ids: string[] = [];
  for (let next: string | undefined = path; next;) {
    const { status, body, headers } = await api.get(next);
    expect(status, JSON.stringify(body)).toBe(200);
    ids.push(...(body as EndedRequest[]).map(({ id }) => id));
    next = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
  }
  return ids;
}

const full = spread(idsOf(0, 1100, 'full'), FULL);
const quiet = spread(idsOf(1, 60, 'quiet'), FULL);
const inParts = spread(idsOf(0, 400, 'parts'), NEXT);
const whole = spread(idsOf(1, 90, 'whole'), NEXT);
const newestFirst = [...full, ...quiet, ...inParts, ...whole]
  .sort((a, b) => b.endedAtMs - a.endedAtMs || (a.id < b.id ? 1 : -1))
  .map(({ id }) => id);

test('the hour after a full one is in parts, each packed; that of a shard with fewer calls is one list', async () => {
  await apply([...full, ...quiet].flatMap(({ id, endedAtMs }) => endOf(id, endedAtMs)));
  // In no order, and in several batches: what was begun stays as it is.
  const later = [...inParts, ...whole].sort((a, b) => (a.id.slice(-1) < b.id.slice(-1) ? -1 : 1));
  for (const half of [later.slice(0, 200), later.slice(200)]) {
    await apply(half.flatMap(({ id, endedAtMs }) => endOf(id, endedAtMs)));
  }
  const parts = Array.from({ length: 16 }, (_, i) => NEXT + i / 16);
  expect(await hoursOf(0)).toEqual([FULL, ...parts]);
  expect(await hoursOf(1)).toEqual([FULL, NEXT]);
  expect(await redis.object('ENCODING', keys.shard(0).history(FULL))).toBe('skiplist');
  for (const part of parts) {
    const key = keys.shard(0).history(part);
    expect(await redis.object('ENCODING', key)).toBe('listpack');
    expect(await redis.zcard(key)).toBe(25);
    expect(await redis.ttl(key)).toBeGreaterThan(6 * 86_400);
  }
  expect(await redis.ttl(keys.shard(0).historyParted)).toBeGreaterThan(6 * 86_400);
});

test.each([7, 50, 500])('pages of %i show every call once, in order', async (limit) => {
  expect(await walk(`/api/requests?limit=${limit}`)).toEqual(newestFirst);
});

test('a range of time that begins and ends within parts has the calls of it alone', async () => {
  const [from, to] = [(NEXT + 0.3) * HOUR_MS, (NEXT + 0.71) * HOUR_MS];
  const wanted = [...inParts, ...whole].filter(
    ({ endedAtMs }) => endedAtMs >= from && endedAtMs < to,
  );
  const iso = (ms: number) => new Date(ms).toISOString();
  const found = await walk(`/api/requests?limit=50&from=${iso(from)}&to=${iso(to)}`);
  expect(found).toEqual(newestFirst.filter((id) => wanted.some((call) => call.id === id)));
  expect(found.length).toBeGreaterThan(150);
});

test('an end that comes after the finding that none would moves its call from part to part', async () => {
  const [id = ''] = idsOf(0, 1, 'late');
  await apply(endOf(id, (NEXT + 0.1) * HOUR_MS, 'orphaned'));
  expect(await listOf(0, NEXT + 1 / 16)).toContain(id);
  await apply(endOf(id, (NEXT + 0.9) * HOUR_MS).slice(1));
  expect(await listOf(0, NEXT + 1 / 16)).not.toContain(id);
  expect(await listOf(0, NEXT + 14 / 16)).toContain(id);
  expect(await walk('/api/requests?limit=500&q=late-')).toEqual([id]);
});

test('as long as readers of the version before are there, every hour is one list', async () => {
  form = 'json';
  const [id = '', another = ''] = idsOf(0, 2, 'older');
  const busy = spread(idsOf(0, 1100, 'busy'), FULL - 8);
  await apply(busy.flatMap(({ id: one, endedAtMs }) => endOf(one, endedAtMs)));
  await apply(endOf(id, (FULL - 7 + 0.5) * HOUR_MS));
  expect(await listOf(0, FULL - 7)).toEqual([id]);
  // What was begun as one list stays one.
  form = 'short';
  await apply(endOf(another, (FULL - 7 + 0.6) * HOUR_MS));
  expect(await listOf(0, FULL - 7)).toEqual([id, another]);
});

test('an hour that is one list and in parts too shows every call in its place, and lets none stand twice', async () => {
  // A backup of an hour in parts that is restored into the same hour, which had begun as one list.
  const [hour, shard] = [FULL - 12, keys.shard(0)];
  const ids = idsOf(0, 40, 'both');
  const calls = spread(ids, hour);
  const [first, second] = [
    calls.filter((_, i) => i % 2 === 0),
    calls.filter((_, i) => i % 2 === 1),
  ];
  await apply(first.flatMap(({ id, endedAtMs }) => endOf(id, endedAtMs)));
  const [id = ''] = idsOf(0, 1, 'moved');
  await apply(endOf(id, (hour + 0.4) * HOUR_MS, 'orphaned'));
  expect(await listOf(0, hour)).toHaveLength(21);
  await redis.zadd(shard.historyParted, hour, hour);
  await apply(second.flatMap(({ id: one, endedAtMs }) => endOf(one, endedAtMs)));
  expect(await listOf(0, hour)).toHaveLength(22);
  const wanted = ids.toReversed();
  for (const limit of [1, 7, 500]) {
    expect(await walk(`/api/requests?limit=${limit}&q=both-`)).toEqual(wanted);
  }
  await apply(endOf(id, (hour + 0.9) * HOUR_MS).slice(1));
  expect(await walk('/api/requests?limit=500&q=moved-')).toEqual([id]);
});

test('what is in parts is known for as long as any of it is there', async () => {
  const [shard, old] = [keys.shard(0), FULL - 24 * 8];
  const [id = '', another = '', third = ''] = idsOf(0, 3, 'long');
  await redis.zadd(shard.historyParted, old, old);
  await apply(endOf(id, (old + 0.5) * HOUR_MS));
  // Others are noted; its calls may be waiting for who lets them go.
  const busy = spread(idsOf(0, 1100, 'more'), FULL - 16);
  await apply(busy.flatMap(({ id: one, endedAtMs }) => endOf(one, endedAtMs)));
  await apply(endOf(another, (FULL - 15 + 0.5) * HOUR_MS));
  expect(await hoursOf(0)).toContain(FULL - 15 + 8 / 16);
  expect(await walk('/api/requests?limit=500&q=long-')).toEqual([another, id]);
  await redis.expire(shard.historyParted, 100);
  await apply(endOf(third, (FULL - 15 + 0.6) * HOUR_MS));
  expect(await redis.ttl(shard.historyParted)).toBeGreaterThan(7 * 86_400);
});

test('a call in a part can be deleted, and the oldest of the parts go first', async () => {
  const urls = { NATS_URL: nats.url, REDIS_URL: server.url, REDIS_SHARDS: String(SHARDS) };
  const env = { ...urls, PRUNE_INTERVAL_MS: '100', MAX_REQUESTS: '400' };
  collector = await startService('collector', env, { until: 'ready' });
  const kept = inParts.slice(-199).map(({ id }) => id);
  await waitFor('the full hour to go', async () => (await hoursOf(0))[0] === NEXT);
  const listed = async () =>
    (await Promise.all((await hoursOf(0)).map((part) => listOf(0, part)))).flat();
  await waitFor('as many as may stay', async () => (await listed()).length === 200);
  expect((await listed()).filter((id) => !id?.startsWith('late-'))).toEqual(kept);
  const [gone = ''] = kept.slice(50);
  const answer = await api.get(`/api/requests/${gone}`, { method: 'DELETE' });
  expect(answer.body).toMatchObject({ deleted: 1, done: true });
  expect(await listed()).not.toContain(gone);
  expect(await walk('/api/requests?limit=500&q=parts-')).toHaveLength(198);
});
