import type { Keys } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';
import { Command, Redis } from 'ioredis';

import type { RequestStore } from '../request-store.ts';

/** Thrown when too few replicas have what was applied: it is in the store, and still it may be lost with its primary. */
class ReplicasBehindError extends Error {
  override name = 'ReplicasBehindError';
}

/**
 * A store that has applied a batch only once so many replicas of every shard of it have it too. It rejects when they do not say so
 * in time, as a store does that is away: then the batch is given again, and that changes nothing but asks again.
 * @param options.redis a connection of its own: while it waits for replicas, it does nothing else
 */
export function confirmByReplicas(
  store: RequestStore,
  options: { redis: StoreConnection; keys: Keys; replicas: number; timeoutMs: number },
): RequestStore {
  const { redis, keys, replicas, timeoutMs } = options;
  if (replicas === 0) return store;

  const confirm = async (key: string) => {
    // WAIT speaks of the writes of its own connection, so it gets one: replicas that have this have all that came before it.
    const results = await redis
      .pipeline([
        ['hset', key, 'w', 1],
        ['wait', replicas, timeoutMs],
      ])
      .exec();
    for (const [error] of results ?? []) if (error) throw error;
    const confirmed = Number(results?.[1]?.[1] ?? 0);
    if (confirmed < replicas) {
      throw new ReplicasBehindError(
        `${confirmed} of ${replicas} replicas of the Redis shard have the batch: is one of them away?`,
      );
    }
  };

  return {
    ...store,
    async apply(read) {
      const shards = await store.apply(read);
      const notes = shards.map((shard) => keys.shard(shard).primary);
      await Promise.all(oneOfEachNode(redis, notes).map(confirm));
      return shards;
    },
  };
}

/** Shards on the same node share its replicas. */
function oneOfEachNode(redis: StoreConnection, keys: readonly string[]): string[] {
  if (redis instanceof Redis) return keys.slice(0, 1);
  const byNode = new Map<string, string>();
  for (const key of keys) {
    const slot = new Command('exists', [key]).getSlot();
    byNode.set(redis.slots[slot ?? 0]?.[0] ?? key, key);
  }
  return [...byNode.values()];
}
