// How Redis holds the calls that run, as the collector's script writes them.
import { createRequestStore } from '@llm-monitor/collector/request-store';
import { createKeys, requestMember } from '@llm-monitor/contracts/redis';
import type { Redis } from 'ioredis';
import { beforeEach, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { toParsed } from '../helpers/to-parsed.ts';
import { useRedis } from '../helpers/use-redis.ts';

const keys = createKeys({ shards: 1 });
const { active } = keys.shard(0);

let redis: Redis;
useRedis((started) => (redis = started));
beforeEach(() => redis.flushall());

const callsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => aCall({ requestId: `running-${i}`, app: 'shop' }));
const membersOf = (count: number) =>
  Array.from({ length: count }, (_, i) => requestMember('shop', `running-${i}`)).sort();

async function apply(events: ReturnType<ReturnType<typeof aCall>['started']>[]): Promise<void> {
  const store = createRequestStore(redis, keys, {
    ...{ leaseMs: 35_000, defaultLeaseMs: 1_800_000, requestTtlSeconds: 7 * 86_400 },
    ...{ feedMaxEntries: 64, dedupe: true, form: () => 'short' as const },
    ...{ inBlocks: () => true, feedJoined: () => true },
  });
  const parsed = events.map(toParsed);
  await store.apply(() => parsed);
}

test('where many calls start at once, none of them is looked for in a list from its beginning', async () => {
  const calls = callsOf(16);
  await apply(calls.map((call) => call.started()));
  expect(await redis.object('ENCODING', active)).toBe('skiplist');
  expect((await redis.zrange(active, '0', '-1')).sort()).toEqual(membersOf(16));
  await apply(calls.map((call) => call.completed()));
  expect(await redis.exists(active)).toBe(0);
});

test('few are kept as closely as can be', async () => {
  await apply(callsOf(3).map((call) => call.started()));
  expect(await redis.object('ENCODING', active)).toBe('listpack');
  expect((await redis.zrange(active, '0', '-1')).sort()).toEqual(membersOf(3));
});
