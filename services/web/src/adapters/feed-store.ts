import { randomUUID } from 'node:crypto';

import type { FeedPosition } from '@llm-monitor/contracts/live';
import { readFeedFields, type Keys } from '@llm-monitor/contracts/redis';
import { toFeedOps } from '@llm-monitor/contracts/rest';
import type { StoreConnection } from '@llm-monitor/runtime';

import { canResume, EMPTY_FEED, type FeedBounds } from '../core/decide-resume.ts';
import type { FeedEntry } from '../core/recent-entries.ts';

/** Most entries of a shard that are read at once. */
const MAX_ENTRIES = 1000;

/** An entry as ioredis gives it: as bytes, since not all that it holds are texts. */
export type RawEntry = [id: Buffer, fields: Buffer[]];

/** What is asked of the change feed beside following it. */
export interface FeedStore {
  /** The name of this store's life and where its feed ends now. Makes the name where there is none. */
  readPlace(): Promise<{ epoch: string; pos: FeedPosition }>;
  readEpoch(): Promise<string>;
  /** Is all that came after `position` still there? */
  covers(position: FeedPosition): Promise<boolean>;
  /** All entries after `position`; undefined when some are gone, or when they hold more than `maxOps` changes. */
  readSince(position: FeedPosition, maxOps: number): Promise<FeedEntry[] | undefined>;
}

export function createFeedStore(options: { redis: StoreConnection; keys: Keys }): FeedStore {
  const { redis, keys } = options;
  const readEpoch = async (): Promise<string> => {
    const known = await redis.get(keys.global.epoch);
    if (known !== null) return known;
    await redis.set(keys.global.epoch, randomUUID(), 'NX');
    return (await redis.get(keys.global.epoch)) ?? '';
  };
  const readBounds = (): Promise<FeedBounds[]> =>
    Promise.all(
      feedKeys(keys).map(async (feed) => {
        const [first, last] = await Promise.all([
          redis.xrange(feed, '-', '+', 'COUNT', 1),
          redis.xrevrange(feed, '+', '-', 'COUNT', 1),
        ]);
        // A feed that lost nothing to the cap reaches back to its beginning, where readers of an empty feed stand.
        const reach = first[0] && (await isWhole(redis, feed)) ? EMPTY_FEED : first[0]?.[0];
        return { first: reach, last: last[0]?.[0] };
      }),
    );
  const covers = async (position: FeedPosition) => canResume(position, await readBounds());

  return {
    readEpoch,
    covers,
    async readPlace() {
      const epoch = await readEpoch();
      return { epoch, pos: (await readBounds()).map(({ last }) => last ?? EMPTY_FEED) };
    },
    async readSince(position, maxOps) {
      if (position.length !== keys.shards) return undefined;
      const replies = await Promise.all(
        feedKeys(keys).map((feed, shard) =>
          redis.xrangeBuffer(feed, `(${position[shard] ?? ''}`, '+', 'COUNT', MAX_ENTRIES + 1),
        ),
      );
      // Asked after reading: what was still there then was there before.
      const isCut = replies.some((entries) => entries.length > MAX_ENTRIES);
      if (isCut || !(await covers(position))) return undefined;
      const read = replies.flatMap((raw, shard) => raw.map((entry) => parseEntry(shard, entry)));
      const ops = read.reduce((sum, entry) => sum + entry.ops.length, 0);
      return ops <= maxOps ? read : undefined;
    },
  };
}

/** Are all entries still there that were ever added? Unknown (Redis before 7) counts as no. */
async function isWhole(redis: StoreConnection, feed: string): Promise<boolean> {
  const info = (await redis.xinfo('STREAM', feed)) as unknown[];
  const read = (name: string) => info[info.indexOf(name) + 1];
  return info.includes('entries-added') && read('entries-added') === read('length');
}

export function feedKeys(keys: Keys): string[] {
  return Array.from({ length: keys.shards }, (_, shard) => keys.shard(shard).feed);
}

/** An entry that cannot be read has no changes; it keeps its place in the sequence. */
export function parseEntry(shard: number, [id, fields]: RawEntry): FeedEntry {
  return { shard, id: String(id), ops: toFeedOps(readFeedFields(fields)) };
}
