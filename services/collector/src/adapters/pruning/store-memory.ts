import type { ShardKeys } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';

/** Bytes of the server that a shard lives on; a `max` of 0 means no limit. */
export interface StoreMemory {
  used: number;
  max: number;
}

/** The history makes room from here on, so that a Redis that drops nothing by itself need not refuse writes. */
const SHED_AT = 0.8;

export function isMemoryShort({ used, max }: StoreMemory): boolean {
  return max > 0 && used > max * SHED_AT;
}

/** By a script, which goes to the shard's server, whichever of a cluster it is. */
export async function readMemory(redis: StoreConnection, shard: ShardKeys): Promise<StoreMemory> {
  const source = "return redis.call('INFO', 'memory')";
  const text = String(await redis.eval(source, 1, shard.active));
  const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { used: read('used_memory'), max: read('maxmemory') };
}
