import { generationPrefix } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';
import { Redis } from 'ioredis';

import { isOfGeneration } from '../../core/generation-keys.ts';

const SCAN_COUNT = 1000;

/** The servers that hold the store: one, or the primaries of a cluster. */
export function storeNodes(redis: StoreConnection): Redis[] {
  return redis instanceof Redis ? [redis] : redis.nodes('master');
}

/** All keys of a generation whose name, behind the hash tag, begins so; a key may come twice. */
export async function* scanGeneration(
  node: Redis,
  generation: number,
  begin = '',
): AsyncGenerator<string[]> {
  const prefix = generationPrefix(generation);
  let cursor = '0';
  do {
    const match = ['MATCH', `${prefix}{s*}:${begin}*`, 'COUNT', SCAN_COUNT] as const;
    const [next, keys] = await node.scan(cursor, ...match);
    cursor = next;
    const own = keys.filter((key) => isOfGeneration(key.slice(prefix.length)));
    if (own.length > 0) yield own;
  } while (cursor !== '0');
}

/** Removes a generation for good. @returns how many keys it had */
export async function dropGeneration(redis: StoreConnection, generation: number): Promise<number> {
  let dropped = 0;
  for (const node of storeNodes(redis)) {
    for await (const keys of scanGeneration(node, generation)) {
      const pipeline = node.pipeline();
      for (const key of keys) pipeline.unlink(key);
      for (const [error, count] of (await pipeline.exec()) ?? []) {
        if (error) throw error;
        dropped += Number(count);
      }
    }
  }
  return dropped;
}
