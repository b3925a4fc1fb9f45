import { randomUUID } from 'node:crypto';

import type { Keys } from '@llm-monitor/contracts/redis';
import { ConfigError, type Logger, type StoreConnection } from '@llm-monitor/runtime';
import { Redis } from 'ioredis';

import { nameEmptyStore } from './record-form.ts';

/**
 * Names this life of the store and its number of shards, where nobody has yet. A store may be wiped at any time, so it is done
 * again and again.
 * @throws {ConfigError} when the store was made with another number of shards: its requests would not be found again
 */
export async function claimStore(redis: StoreConnection, keys: Keys): Promise<void> {
  await redis.set(keys.global.epoch, randomUUID(), 'NX');
  await nameEmptyStore(redis, keys, Date.now());
  const shards = await redis.get(keys.global.shards);
  if (shards !== null && Number(shards) !== keys.shards) {
    throw new ConfigError(
      `This Redis was filled with REDIS_SHARDS=${shards}, but REDIS_SHARDS is ${keys.shards}. Set REDIS_SHARDS=${shards}, or use an empty Redis.`,
    );
  }
}

/** Settings under which a crash or a full memory loses what was acked. The product's own Redis has them right. */
const WANTED = [
  ['appendonly', 'yes', 'a crash of Redis loses everything'],
  ['appendfsync', 'always', 'a crash of Redis loses the last second or two'],
  ['maxmemory-policy', 'noeviction', 'a full Redis drops data without a word'],
] as const;

export async function warnOfWeakSettings(redis: StoreConnection, log: Logger): Promise<void> {
  const nodes = redis instanceof Redis ? [redis] : redis.nodes();
  await Promise.all(nodes.map((node) => warnOfNode(node, log)));
}

async function warnOfNode(redis: Redis, log: Logger): Promise<void> {
  for (const [name, wanted, risk] of WANTED) {
    try {
      const [, value] = (await redis.config('GET', name)) as string[];
      if (value !== undefined && value !== wanted) {
        log.warn(`Redis has ${name} ${value}: ${risk}. Set "${name} ${wanted}".`);
      }
    } catch {
      // Managed servers refuse CONFIG; then there is nothing to say.
    }
  }
}
