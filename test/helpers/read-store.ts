import {
  addRollupFields,
  createKeys,
  emptyRollup,
  type Counts,
  type Keys,
} from '@llm-monitor/contracts/redis';
import type { Redis } from 'ioredis';

import type { Truth } from './load.ts';

/** All that a store says about the calls it has seen, each figure from where it is kept. */
export interface StoreReading {
  totals: Truth;
  /** The same, added up over the minute rollups, and over the hour rollups. */
  minutes: Truth;
  hours: Truth;
  active: number;
  history: number;
  requests: number;
}

export async function readStore(redis: Redis, shards = 1): Promise<StoreReading> {
  const keys = createKeys({ shards });
  const totals = emptyRollup();
  const minutes = emptyRollup();
  const hours = emptyRollup();
  let active = 0;
  let history = 0;
  let requests = 0;
  for (let i = 0; i < shards; i++) {
    const shard = keys.shard(i);
    addRollupFields(totals, await redis.hgetall(shard.totals(false)));
    active += await redis.zcard(shard.active);
    for (const hour of await redis.smembers(shard.historyHours)) {
      history += await redis.zcard(shard.history(Number(hour)));
    }
    requests += (await redis.keys(`${shard.prefix}req:*`)).length;
    await addRollups(redis, keys, i, 'm', minutes);
    await addRollups(redis, keys, i, 'h', hours);
  }
  return {
    totals: toTruth(totals.counts),
    minutes: toTruth(minutes.counts),
    hours: toTruth(hours.counts),
    active,
    history,
    requests,
  };
}

async function addRollups(
  redis: Redis,
  keys: Keys,
  shard: number,
  unit: 'm' | 'h',
  into: ReturnType<typeof emptyRollup>,
): Promise<void> {
  for (const key of await redis.keys(`${keys.shard(shard).prefix}roll:${unit}*`)) {
    addRollupFields(into, await redis.hgetall(key));
  }
}

function toTruth(counts: Counts): Truth {
  const { started, completed, failed, timeouts, cancelled } = counts;
  const { inputTokens, outputTokens, durationMs } = counts;
  return { started, completed, failed, timeouts, cancelled, inputTokens, outputTokens, durationMs };
}
