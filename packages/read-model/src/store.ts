import type { Keys } from '@llm-monitor/contracts/redis';
import type { Cluster, Redis } from 'ioredis';

/** Where to read, and how its keys are built. */
export interface Store {
  redis: Redis | Cluster;
  keys: Keys;
}

/** Which calls to count: without demo traffic, with it, or it alone. */
export type DemoFilter = false | 'include' | 'only';

export type Command = readonly [name: string, ...args: (string | number)[]];

/** More in one go would hold up Redis, and every other reader, for too long. */
const COMMANDS_PER_PIPELINE = 1000;

/**
 * Runs commands of one shard in few round trips.
 * @returns the replies in order
 * @throws the first error among them
 */
export async function readMany(
  redis: Redis | Cluster,
  commands: readonly Command[],
): Promise<unknown[]> {
  const replies: unknown[] = [];
  for (let first = 0; first < commands.length; first += COMMANDS_PER_PIPELINE) {
    const part = commands.slice(first, first + COMMANDS_PER_PIPELINE);
    const results = await redis.pipeline(part.map((command) => [...command])).exec();
    for (const [error, reply] of results ?? []) {
      if (error) throw error;
      replies.push(reply);
    }
  }
  return replies;
}

/** Asks every shard at once. */
export function fromEachShard<T>(store: Store, read: (shard: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: store.keys.shards }, (_, shard) => read(shard)));
}

export function matchesDemo(demo: boolean, filter: DemoFilter): boolean {
  return filter === 'include' || demo === (filter === 'only');
}
