import { readFileSync } from 'node:fs';

import type { Keys } from '@llm-monitor/contracts/redis';
import { createScript, type StoreConnection } from '@llm-monitor/runtime';

/** A shard whose primary is another one than was noted. */
export interface NewPrimary {
  shard: number;
  id: string;
  /** Up to this sequence of the stream it has everything; undefined when it was never noted. */
  floor: number | undefined;
}

/**
 * Which server is the primary of each shard. A replica that takes over gives itself a new replication id, and it has the note that
 * the former primary wrote last: what was applied before that note, the replica has too, since it applies in the same order.
 */
export interface ShardPrimaries {
  /**
   * Shards with another primary than was noted; of the others it is noted that they have everything up to `floor`.
   * @param floor every event up to it is acked, so it was applied before; undefined when the broker does not say
   */
  look(floor: number | undefined): Promise<NewPrimary[]>;
  /** Shall `collector` make up for this failover? Others are kept off for `leaseMs`. */
  claim(shard: number, collector: string, leaseMs: number): Promise<boolean>;
  /** Notes that it is made up for. */
  adopt(primary: NewPrimary, collector: string): Promise<void>;
}

export function createShardPrimaries(redis: StoreConnection, keys: Keys): ShardPrimaries {
  const script = createScript(
    redis,
    readFileSync(new URL('./shard-primary.lua', import.meta.url), 'utf8'),
  );
  const run = (shard: number, ...args: (string | number)[]) =>
    script.run([keys.shard(shard).primary], args);
  const shards = Array.from({ length: keys.shards }, (_, shard) => shard);
  return {
    async look(floor) {
      const looks = await Promise.allSettled(
        shards.map(async (shard) => {
          const [id, notedId, notedFloor] = (await run(shard, 'look', floor ?? '')) as string[];
          if (id === undefined || id === notedId) return undefined;
          return { shard, id, floor: notedFloor ? Number(notedFloor) : undefined };
        }),
      );
      // A shard that does not answer has no primary yet.
      return looks.flatMap((look) =>
        look.status === 'fulfilled' && look.value ? [look.value] : [],
      );
    },
    async claim(shard, collector, leaseMs) {
      return (await run(shard, 'claim', collector, leaseMs)) === 1;
    },
    async adopt({ shard, id }, collector) {
      await run(shard, 'adopt', collector, id);
    },
  };
}
