import {
  addRollupFields,
  createKeys,
  emptyRollup,
  historyLists,
  LIFETIME,
  withoutBlocks,
  type Counts,
  type Keys,
  type Rollup,
} from '@llm-monitor/contracts/redis';
import type { Cluster, Redis } from 'ioredis';

import type { Truth } from './load.ts';

/** All that a store says about the calls it has seen, each figure from where it is kept. */
export interface StoreReading {
  totals: Truth;
  /** The same, added up over the minute rollups, and over the hour rollups. */
  minutes: Truth;
  hours: Truth;
  /** The same of all time, added up over model, app and host. */
  lifetimes: Truth;
  active: number;
  history: number;
  requests: number;
  /** Calls that the history let go to make room, as it counts them. */
  shed: number;
  /** Calls by bucket (`d180`: response times), each figure from where it is kept. */
  buckets: Record<'totals' | 'minutes' | 'hours' | 'lifetimes', Buckets>;
}

type Buckets = Record<string, number>;
const OF_BUCKET = /^[dftio]\d+$/;

export async function readStore(
  redis: Redis | Cluster,
  shards = 1,
  generation = 1,
): Promise<StoreReading> {
  const keys = createKeys({ shards, generation });
  const totals = emptyRollup();
  const minutes = emptyRollup();
  const hours = emptyRollup();
  const lifetimes = emptyRollup();
  const buckets: StoreReading['buckets'] = { totals: {}, minutes: {}, hours: {}, lifetimes: {} };
  let active = 0;
  let history = 0;
  let requests = 0;
  let shed = 0;
  for (let i = 0; i < shards; i++) {
    const shard = keys.shard(i);
    addAll(totals, buckets.totals, await redis.hgetall(shard.totals(false)));
    active += await redis.zcard(shard.active);
    const parted = await redis.zrange(shard.historyParted, '0', '-1');
    for (const hour of historyLists(await redis.smembers(shard.historyHours), parted)) {
      history += await redis.zcard(shard.history(hour));
    }
    requests += (await keysOf(redis, shard.prefix, 'req:*')).length;
    const { retention, maxRequests, memory } = await redis.hgetall(shard.shed);
    for (const count of [retention, maxRequests, memory]) shed += Number(count ?? 0);
    await addRollups(redis, keys, i, 'm', minutes, buckets.minutes);
    await addRollups(redis, keys, i, 'h', hours, buckets.hours);
    await addRollups(redis, keys, i, LIFETIME, lifetimes, buckets.lifetimes);
  }
  return {
    totals: toTruth(totals.counts),
    minutes: toTruth(minutes.counts),
    hours: toTruth(hours.counts),
    lifetimes: toTruth(lifetimes.counts),
    active,
    history,
    requests,
    shed,
    buckets,
  };
}

async function addRollups(
  redis: Redis | Cluster,
  keys: Keys,
  shard: number,
  unit: 'm' | 'h' | typeof LIFETIME,
  into: Rollup,
  buckets: Buckets,
): Promise<void> {
  for (const key of await keysOf(redis, keys.shard(shard).prefix, `roll:${unit}*`)) {
    addAll(into, buckets, await redis.hgetall(key));
  }
}

function addAll(into: Rollup, buckets: Buckets, hash: Record<string, string>): void {
  addRollupFields(into, hash);
  for (const [field, text] of Object.entries(withoutBlocks(hash))) {
    if (OF_BUCKET.test(field)) buckets[field] = (buckets[field] ?? 0) + Number(text);
  }
}

/** By a script, which goes to the shard's node, wherever that is. */
async function keysOf(redis: Redis | Cluster, prefix: string, pattern: string): Promise<string[]> {
  const source = "return redis.call('KEYS', ARGV[1])";
  return (await redis.eval(source, 1, prefix, prefix + pattern)) as string[];
}

function toTruth(counts: Counts): Truth {
  const { started, completed, failed, timeouts, cancelled } = counts;
  const { inputTokens, outputTokens, durationMs } = counts;
  return { started, completed, failed, timeouts, cancelled, inputTokens, outputTokens, durationMs };
}
