import type { RequestEvent } from '@llm-monitor/collector/parse-event';
import { createRequestStore, type RequestStore } from '@llm-monitor/collector/request-store';
import { requestEventId } from '@llm-monitor/contracts/events';
import { createKeys, withoutBlocks } from '@llm-monitor/contracts/redis';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';

import { aCall, type Published } from '../helpers/an-event.ts';
import { toParsed } from '../helpers/to-parsed.ts';
import { useRedis } from '../helpers/use-redis.ts';
import { fuzzRuns } from './fuzz-runs.ts';

const STARTED_AT = new Date('2026-05-01T12:00:30Z');
const OPTIONS = {
  ...{ leaseMs: 35_000, defaultLeaseMs: 1_800_000, requestTtlSeconds: 1_000_000 },
  ...{ feedMaxEntries: 1024, dedupe: true, form: () => 'short' as const },
  inBlocks: () => true,
  feedJoined: () => true,
};

let redis: Redis;
useRedis((started) => (redis = started));

/** One call as chance makes it: which of its events there are, and how it ended. */
const someCall = fc.record({
  app: fc.constantFrom('generator', 'optimizer'),
  model: fc.constantFrom('llama3.2:3b', 'phi3'),
  demo: fc.boolean(),
  startedAfterMs: fc.integer({ min: 0, max: 7_200_000 }),
  durationMs: fc.integer({ min: 0, max: 120_000 }),
  ttftMs: fc.integer({ min: 0, max: 5000 }),
  tokens: fc.nat({ max: 1000 }),
  end: fc.constantFrom('completed', 'failed', 'timeout', 'cancelled', 'none'),
  has: fc.record({ start: fc.boolean(), firstToken: fc.boolean(), orphan: fc.boolean() }),
});
type SomeCall = typeof someCall extends fc.Arbitrary<infer T> ? T : never;

function eventsOf(of: SomeCall, index: number): RequestEvent[] {
  const { app, model, demo, durationMs, ttftMs, tokens, end, has } = of;
  const call = aCall({
    ...{ app, model, demo, requestId: `fuzzed-call-${index}` },
    startedAt: new Date(STARTED_AT.getTime() + of.startedAfterMs),
  });
  const usage = { inputTokens: tokens, outputTokens: tokens, source: 'server' as const };
  const events: Published[] = [];
  if (has.start) events.push(call.started());
  if (has.firstToken) events.push(call.firstToken(ttftMs));
  if (end === 'completed') events.push(call.completed({ durationMs, ttftMs, usage }));
  if (end === 'failed') events.push(call.failed({ durationMs }));
  if (end === 'timeout') events.push(call.failed({ durationMs, outcome: 'timeout' }));
  if (end === 'cancelled') events.push(call.cancelled({ durationMs }));
  if (has.orphan) {
    const orphan = call.failed({ durationMs: 60_000, outcome: 'orphaned' });
    orphan.event.id = requestEventId(call.id, 'orphan');
    events.push(orphan);
  }
  return events.map(toParsed);
}

/** Events in any order, some of them several times, in batches of any sizes, given to any of two collectors. */
const someDelivery = fc.array(someCall, { minLength: 1, maxLength: 5 }).chain((calls) => {
  const events = calls.flatMap(eventsOf);
  const places = Array.from({ length: events.length }, (_, i) => i);
  return fc.record({
    events: fc.constant(events),
    order: fc
      .tuple(
        fc.shuffledSubarray(places, { minLength: places.length }),
        events.length > 0
          ? fc.array(fc.nat({ max: events.length - 1 }), { maxLength: 12 })
          : fc.constant([]),
      )
      .chain(([all, again]) =>
        fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }),
      ),
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }),
    shards: fc.constantFrom(1, 3),
  });
});

test('events in any order, batches and number of times, from two collectors at once, leave one and the same state', async () => {
  await fc.assert(
    fc.asyncProperty(someDelivery, async ({ events, order, sizes, shards }) => {
      await redis.flushall();
      const keys = createKeys({ shards });
      const one = createRequestStore(redis, keys, OPTIONS);
      // Of the version before, or within the hour in which it may read: the same counts in another form.
      const other = createRequestStore(redis, keys, {
        ...OPTIONS,
        inBlocks: () => false,
        feedJoined: () => false,
      });
      for (const event of events) await one.apply(() => [event]);
      const wanted = await stateOf();
      await redis.flushall();
      await deliver(
        [one, other],
        order.map((at) => events[at]!),
        sizes,
      );
      expect(await stateOf()).toEqual(wanted);
    }),
    fuzzRuns(150),
  );
});

async function deliver(
  stores: readonly RequestStore[],
  events: readonly RequestEvent[],
  sizes: readonly number[],
): Promise<void> {
  let work: Promise<unknown>[] = [];
  for (let at = 0, turn = 0; at < events.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    const store = stores[turn % stores.length];
    const batch = events.slice(at, at + size);
    work.push(store!.apply(() => batch));
    at += size;
    if (work.length < stores.length) continue;
    await Promise.all(work);
    work = [];
  }
  await Promise.all(work);
}

/** All that is stored, but for the feed, which tells the order, and for leases, which tell the time of day. */
async function stateOf(): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (const key of (await redis.keys('*')).sort()) {
    if (key.endsWith(':feed')) continue;
    const value = await valueOf(key);
    if (value !== undefined) state[key] = value;
  }
  return state;
}

async function valueOf(key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash':
      return withoutZeros(key, await redis.hgetall(key));
    case 'zset':
      if (key.endsWith(':active')) return (await redis.zrange(key, '0', '-1')).sort();
      return redis.zrange(key, '0', '-1', 'WITHSCORES');
    case 'set':
      return indexOf(key);
    default:
      return redis.get(key);
  }
}

/** An index may still name what was taken back; what there is it must name. */
async function indexOf(key: string): Promise<unknown> {
  const members = (await redis.smembers(key)).map(String).sort();
  if (key.includes(':rolls:')) return undefined;
  if (!key.endsWith(':hist')) return members;
  const isThere = await Promise.all(members.map((hour) => redis.exists(`${key}:${hour}`)));
  return members.filter((_, i) => isThere[i] === 1);
}

/** A count that was taken back is 0, or was never there: the same. When something was last used is not a count. */
function withoutZeros(key: string, hash: Record<string, string>): unknown {
  if (!/:(roll|totals)/.test(key)) return hash;
  const counted = Object.entries(withoutBlocks(hash)).filter(
    ([field, value]) => value !== '0' && field !== 'lu',
  );
  return counted.length > 0 ? Object.fromEntries(counted) : undefined;
}
