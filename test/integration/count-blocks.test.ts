// Counts by bucket in blocks of neighbours, as the collector's script writes them, beside the plain fields that versions before wrote.
import { createRequestStore } from '@llm-monitor/collector/request-store';
import { createKeys, LIFETIME, rollupMember, withoutBlocks } from '@llm-monitor/contracts/redis';
import { bucketOf } from '@llm-monitor/contracts/stats';
import type { Redis } from 'ioredis';
import { beforeEach, expect, test } from 'vitest';

import { aCall, type Published } from '../helpers/an-event.ts';
import { createLoad, shuffle, type Load } from '../helpers/load.ts';
import { readStore } from '../helpers/read-store.ts';
import { toParsed } from '../helpers/to-parsed.ts';
import { useRedis } from '../helpers/use-redis.ts';

const keys = createKeys({ shards: 1 });
const shard = keys.shard(0);
const STARTED_AT = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
const OF_BUCKET = /^[dftio]\d+$/;

let redis: Redis;
useRedis((started) => (redis = started));
beforeEach(() => redis.flushall());

const collector = (inBlocks: boolean) => {
  const store = createRequestStore(redis, keys, {
    ...{ leaseMs: 35_000, defaultLeaseMs: 1_800_000, requestTtlSeconds: 7 * 86_400 },
    ...{
      feedMaxEntries: 64,
      dedupe: true,
      form: () => 'short',
      inBlocks: () => inBlocks,
      feedJoined: () => inBlocks,
    },
  });
  return async (events: readonly Published[]) => {
    const parsed = events.map(toParsed);
    await store.apply(() => parsed);
  };
};

/** Events in batches, to each of some collectors in turn. */
async function collect(
  events: readonly Published[],
  size: number,
  ...collectors: readonly ReturnType<typeof collector>[]
): Promise<void> {
  for (let at = 0, turn = 0; at < events.length; at += size, turn++) {
    await collectors[turn % collectors.length]!(events.slice(at, at + size));
  }
}

const countedIn = ({ latencies }: Load) => {
  const counted: Record<string, number> = {};
  for (const { durationMs, ttftMs } of latencies) {
    for (const field of [`d${bucketOf(durationMs)}`, `f${bucketOf(ttftMs)}`]) {
      counted[field] = (counted[field] ?? 0) + 1;
    }
  }
  return counted;
};

const load = createLoad({ seed: 3, calls: 1200 });

test('whoever writes which form, and whatever comes again, each bucket counts what happened', async () => {
  const [before, now] = [collector(false), collector(true)];
  await collect(load.events, 100, before);
  const plain = await readStore(redis);
  expect(plain.buckets.totals).toEqual(countedIn(load));
  expect(await redis.hkeys(shard.totals(false))).toContain(`d${bucketOf(15_000)}`);

  await redis.flushall();
  await collect(load.events, 100, now);
  expect(await readStore(redis)).toEqual(plain);
  const fields = await redis.hkeys(shard.totals(false));
  expect(fields.filter((field) => OF_BUCKET.test(field))).toEqual([]);
  expect(fields.length).toBeLessThan(40);

  await redis.flushall();
  const again = shuffle([...load.events, ...load.events.slice(0, 1500)], 5);
  await collect(again, 130, before, now, now);
  expect(await readStore(redis)).toEqual(plain);
});

/** Ended calls of one model that took all the same time. */
const callsOf = (count: number, durationMs: number, name: string): Published[] =>
  Array.from({ length: count }, (_, i) => {
    const call = aCall({ requestId: `blocks-${name}-${i}`, app: 'shop', startedAt: STARTED_AT });
    return [call.started(), call.completed({ durationMs, ttftMs: 10 })];
  }).flat();

test('a bucket grows beyond what its digits hold, and its neighbours stay', async () => {
  const now = collector(true);
  const [few, neighbour, many] = [120, 132, 126] as const;
  const blocks = [few, neighbour, many].map((ms) => Math.floor(bucketOf(ms) / 32));
  expect(new Set(blocks).size).toBe(1);
  const held = () => redis.hget(shard.totals(false), `D${blocks[0]}`);
  await collect(callsOf(3, few, 'few'), 1000, now);
  expect(await held()).toMatch(/^.1.$/);
  await collect(callsOf(63, many, 'to-63'), 1000, now);
  expect(await held()).toMatch(/^.1.+$/);
  await collect(callsOf(1, many, 'to-64'), 1000, now);
  expect(await held()).toMatch(/^.2.+$/);
  await collect(callsOf(64 * 64 + 5, many, 'beyond'), 1000, now);
  await collect(callsOf(70, neighbour, 'neighbour'), 1000, now);
  expect(await held()).toMatch(/^.3.+$/);
  const { buckets, totals } = await readStore(redis);
  const wanted = {
    [`d${bucketOf(few)}`]: 3,
    [`d${bucketOf(neighbour)}`]: 70,
    [`d${bucketOf(many)}`]: 64 + 64 * 64 + 5,
    [`f${bucketOf(10)}`]: totals.completed,
  };
  expect(buckets.totals).toEqual(wanted);
  expect(buckets.minutes).toEqual(wanted);
  expect(buckets.hours).toEqual(wanted);
  expect(buckets.lifetimes).toMatchObject(wanted);
});

test('what is no block where one should be is not counted on, and neither breaks a batch nor what stands beside it', async () => {
  const now = collector(true);
  const of = { model: 'llama3.2:3b', app: 'shop', host: 'test-host', demo: false };
  const lifetime = shard.rollup(LIFETIME, rollupMember(of));
  const block = `D${Math.floor(bucketOf(150) / 32)}`;
  for (const [i, wrong] of [
    '',
    '7',
    '41',
    '00',
    '0:1',
    'x11',
    '/11',
    '4212123',
    '0'.repeat(20_000),
    `01${'0'.repeat(33)}`,
  ].entries()) {
    await redis.del(lifetime);
    await redis.hset(lifetime, block, wrong, 'n', '5');
    await collect(callsOf(2, 150, `wrong-${i}`), 1000, now);
    const fields = withoutBlocks(await redis.hgetall(lifetime));
    expect(fields).toMatchObject({ n: '7', [`d${bucketOf(150)}`]: '2' });
  }
  await redis.hset(lifetime, block, `01${'\u0001'.repeat(32)}`);
  await collect(callsOf(2, 150, 'signs'), 1000, now);
  expect(await redis.hstrlen(lifetime, block)).toBe(34);
  expect((await readStore(redis)).totals.started).toBe(22);
});

test('the longest and shortest of times, a thousand buckets in one batch, are each counted', async () => {
  const events = Array.from({ length: 480 }, (_, i) => {
    const call = aCall({ requestId: `blocks-wide-${i}`, app: 'shop', startedAt: STARTED_AT });
    const durationMs = 1.045 ** i;
    return [call.started(), call.completed({ durationMs, ttftMs: durationMs / 2 })];
  }).flat();
  const [before, now] = [collector(false), collector(true)];
  await collect(events, 1000, before);
  const { buckets } = await readStore(redis);
  expect(Object.keys(buckets.totals).length).toBeGreaterThan(800);
  await redis.flushall();
  await collect(events, 1000, now);
  expect((await readStore(redis)).buckets).toEqual(buckets);
});
