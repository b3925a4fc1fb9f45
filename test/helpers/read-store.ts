import {
  addRollupFields,
  createKeys,
  emptyRollup,
  historyLists,
  LIFETIME,
  type Counts,
  type Keys,
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
}

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
  let active = 0;
  let history = 0;
  let requests = 0;
  let shed = 0;
  for (let i = 0; i < shards; i++) {
    const shard = keys.shard(i);
    addRollupFields(totals, await redis.hgetall(shard.totals(false)));
    active += await redis.zcard(shard.active);
    const parted = await redis.zrange(shard.historyParted, '0', '-1');
    for (const hour of historyLists(await redis.smembers(shard.historyHours), parted)) {
      history += await redis.zcard(shard.history(hour));
    }
    requests += (await keysOf(redis, shard.prefix, 'req:*')).length;
    const { retention, maxRequests, memory } = await redis.hgetall(shard.shed);
    for (const count of [retention, maxRequests, memory]) shed += Number(count ?? 0);
    await addRollups(redis, keys, i, 'm', minutes);
    await addRollups(redis, keys, i, 'h', hours);
    await addRollups(redis, keys, i, LIFETIME, lifetimes);
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
  };
}

async function addRollups(
  redis: Redis | Cluster,
  keys: Keys,
  shard: number,
  unit: 'm' | 'h' | typeof LIFETIME,
  into: ReturnType<typeof emptyRollup>,
): Promise<void> {
  for (const key of await keysOf(redis, keys.shard(shard).prefix, `roll:${unit}*`)) {
    addRollupFields(into, await redis.hgetall(key));
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
