import { historyLists, type Keys, type ShardKeys } from '@llm-monitor/contracts/redis';
import type { Logger, StoreConnection } from '@llm-monitor/runtime';

import { createDropRequests, type DropReason } from './drop-requests.ts';
import { isMemoryShort, readMemory } from './store-memory.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** So many at once hold up Redis for about a millisecond. */
const STEP = 200;
const LOG_INTERVAL_MS = 60_000;

/** What the history may hold. */
export interface HistoryLimits {
  retentionDays: number;
  /** 0: any number. */
  maxRequests: number;
}

/**
 * Keeps the history within its limits: what is too old or too many goes, oldest first and in small steps, and so does what Redis
 * has no room for. Figures stay. Any collector may do it, several at once too.
 */
export function createHistoryPruning(options: {
  redis: StoreConnection;
  keys: Keys;
  limits: HistoryLimits;
  nowMs(): number;
  log: Logger;
}): { prune(): Promise<void> } {
  const { redis, keys, limits, nowMs, log } = options;
  const drop = createDropRequests(redis);
  const account = createAccount(log, nowMs);

  /** The oldest ones, up to a time. @returns how many went; undefined when there is nothing more */
  const dropOldest = async (
    index: number,
    reason: DropReason,
    { toMs = Infinity, most = STEP }: { toMs?: number; most?: number },
  ): Promise<number | undefined> => {
    const shard = keys.shard(index);
    for (const hour of await listHistory(redis, shard)) {
      if (hour * HOUR_MS > toMs) return undefined;
      const members = await redis.zrangebyscore(
        ...([shard.history(hour), '-inf', toMs === Infinity ? '+inf' : `(${toMs}`] as const),
        ...(['LIMIT', 0, Math.min(most, STEP)] as const),
      );
      if (members.length > 0) {
        const { dropped } = await drop(shard, members, { reason, hour });
        account.add(reason, dropped);
        // Somebody else was faster, and goes on.
        return dropped === 0 ? undefined : dropped;
      }
      if ((await redis.exists(shard.history(hour))) === 1) return undefined;
      // The hour itself may be left over.
      if (Number.isInteger(hour)) await drop(shard, [], { reason, hour });
    }
    return undefined;
  };

  const pruneShard = async (index: number) => {
    const shard = keys.shard(index);
    const toMs = nowMs() - limits.retentionDays * DAY_MS;
    while ((await dropOldest(index, 'retention', { toMs })) !== undefined);
    if (limits.maxRequests > 0) {
      const mostHere = Math.ceil(limits.maxRequests / keys.shards);
      let surplus = (await countHistory(redis, keys, index)) - mostHere;
      while (surplus > 0) {
        const dropped = await dropOldest(index, 'maxRequests', { most: surplus });
        if (dropped === undefined) break;
        surplus -= dropped;
      }
    }
    while (isMemoryShort(await readMemory(redis, shard))) {
      if ((await dropOldest(index, 'memory', {})) === undefined) {
        account.addShortage();
        break;
      }
    }
    const oldest = await readOldest(index);
    if (oldest !== undefined) await redis.hset(shard.shed, 'oldestKeptAtMs', oldest);
  };

  const readOldest = async (index: number): Promise<string | undefined> => {
    const shard = keys.shard(index);
    if (!(await redis.exists(shard.shed))) return undefined;
    for (const hour of await listHistory(redis, shard)) {
      const [, endedAtMs] = await redis.zrange(shard.history(hour), '0', '0', 'WITHSCORES');
      if (endedAtMs !== undefined) return endedAtMs;
    }
    return undefined;
  };

  return {
    async prune() {
      for (let index = 0; index < keys.shards; index++) await pruneShard(index);
      account.tell();
    },
  };
}

/** Where the history of a shard is, oldest first. */
export async function listHistory(redis: StoreConnection, shard: ShardKeys): Promise<number[]> {
  const [hours, parted] = await Promise.all([
    redis.smembers(shard.historyHours),
    redis.zrange(shard.historyParted, '0', '-1'),
  ]);
  return historyLists(hours, parted);
}

async function countHistory(redis: StoreConnection, keys: Keys, index: number): Promise<number> {
  const shard = keys.shard(index);
  const hours = await listHistory(redis, shard);
  const counts = await Promise.all(hours.map((hour) => redis.zcard(shard.history(hour))));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Says what went, once a minute at most. */
function createAccount(log: Logger, nowMs: () => number) {
  const dropped: Partial<Record<DropReason, number>> = {};
  let isShort = false;
  let toldAtMs = -Infinity;
  return {
    add(reason: DropReason, count: number) {
      if (count > 0) dropped[reason] = (dropped[reason] ?? 0) + count;
    },
    addShortage() {
      isShort = true;
    },
    tell() {
      if (nowMs() - toldAtMs < LOG_INTERVAL_MS) return;
      if (isShort) {
        log.error('Redis is short of memory and the history is empty: raise maxmemory');
      }
      if (Object.keys(dropped).length > 0) {
        const isForced = (dropped.memory ?? 0) > 0;
        log[isForced ? 'warn' : 'info']({ ...dropped }, 'the oldest requests left the history');
      } else if (!isShort) return;
      toldAtMs = nowMs();
      isShort = false;
      for (const reason of Object.keys(dropped)) delete dropped[reason as DropReason];
    },
  };
}
