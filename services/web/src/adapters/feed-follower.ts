import type { FeedPosition } from '@llm-monitor/contracts/live';
import type { Keys } from '@llm-monitor/contracts/redis';
import type { Logger, StoreConnection } from '@llm-monitor/runtime';
import { whenStoreReady } from '@llm-monitor/runtime/store';
import { Cluster, Redis } from 'ioredis';

import type { FeedEntry } from '../core/recent-entries.ts';
import { feedKeys, parseEntry, type RawEntry } from './feed-store.ts';
import { createSignal, type Signal } from './signal.ts';

const BLOCK_MS = 1000;
const ENTRIES_PER_READ = 200;
/** A blocking read that took this long hangs: the connection is made anew. */
const HANG_MS = 5000;
const RETRY_MS = 200;

/** Reads the change feed as it grows, over connections of its own. */
export interface FeedFollower {
  /** Goes on from `position`, which was just read from Redis, whatever came before. */
  follow(position: FeedPosition): void;
  /** When Redis last answered, whether or not anything was new; of several nodes, the one that is silent for longest; monotonic ms. */
  heardAtMs(): number;
  close(): Promise<void>;
}

interface FollowerOptions {
  /** A new connection for blocking reads; it is closed with the follower. */
  connect(): StoreConnection;
  keys: Keys;
  log: Logger;
  /** New entries, in the order of each shard. */
  onEntries(entries: FeedEntry[]): void;
  /** The connection was away, or reading has fallen behind: the cap may have taken entries after `position`. */
  onDoubt(position: FeedPosition): void;
}

export function createFeedFollower(options: FollowerOptions): FeedFollower {
  const place: Place = { position: undefined };
  const closed = createSignal();
  const first = options.connect();
  const read = (redis: StoreConnection, shards: readonly number[]) =>
    startReader({
      ...options,
      redis,
      place,
      closed,
      shards,
    });
  const all = Array.from({ length: options.keys.shards }, (_, shard) => shard);
  // One read waits for all feeds of a server. In a cluster they are in several slots, and a connection waits for one read at a time.
  const readers =
    first instanceof Cluster
      ? all.map((shard) => read(shard === 0 ? first : options.connect(), [shard]))
      : [read(first, all)];

  return {
    follow(at) {
      for (const reader of readers) reader.heard();
      place.position = [...at];
    },
    heardAtMs: () => Math.min(...readers.map((reader) => reader.heardAtMs())),
    async close() {
      closed.give();
      await Promise.all(readers.map((reader) => reader.ended()));
    },
  };
}

/** Where all readers are; another array when they are told to go on from elsewhere. */
interface Place {
  position: string[] | undefined;
}

interface Reader {
  heard(): void;
  heardAtMs(): number;
  ended(): Promise<void>;
}

function startReader(
  options: FollowerOptions & {
    redis: StoreConnection;
    place: Place;
    closed: Signal;
    shards: readonly number[];
  },
): Reader {
  const { redis, log, place, closed, shards } = options;
  let heardAtMs = -Infinity;
  const heard = () => {
    heardAtMs = performance.now();
  };

  const readOnce = async (): Promise<void> => {
    const from = place.position;
    if (!from) return closed.orAfter(RETRY_MS);
    // Asked each time: a rebuild gives them other names.
    const all = feedKeys(options.keys);
    const feeds = new Map(shards.map((shard) => [all[shard] ?? '', shard]));
    const ids = shards.map((shard) => from[shard] ?? '');
    const reply = await unlessHung(redis, () =>
      redis.xreadBuffer(
        'COUNT',
        ENTRIES_PER_READ,
        'BLOCK',
        BLOCK_MS,
        'STREAMS',
        ...feeds.keys(),
        ...ids,
      ),
    );
    heard();
    // Told meanwhile to go on from elsewhere: these entries may belong to another life of the store.
    if (!reply || place.position !== from) return undefined;
    const before = [...from];
    const entries = parseReply(reply, feeds);
    for (const { shard, id } of entries) from[shard] = id;
    options.onEntries(entries);
    if (entries.length >= ENTRIES_PER_READ) options.onDoubt(before);
    return undefined;
  };

  const run = async (): Promise<void> => {
    let wasAway = false;
    while (!closed.isGiven()) {
      try {
        await closed.or(whenStoreReady(redis));
        if (closed.isGiven()) return;
        const doubtful = wasAway && place.position ? [...place.position] : undefined;
        // It answers again; the next read may wait for a while. Of a cluster only an answer of the shard itself says so.
        if (doubtful && redis instanceof Redis) {
          heard();
          options.onDoubt(doubtful);
          wasAway = false;
        }
        await readOnce();
        if (doubtful && wasAway) options.onDoubt(doubtful);
        wasAway = false;
      } catch (error) {
        if (closed.isGiven()) return;
        if (!wasAway)
          log.warn({ err: (error as Error).message }, 'cannot read the change feed; trying again');
        wasAway = true;
        await closed.orAfter(RETRY_MS);
      }
    }
  };
  const running = run();
  return {
    heard,
    heardAtMs: () => heardAtMs,
    ended() {
      redis.disconnect();
      return running;
    },
  };
}

function parseReply(
  reply: readonly [feed: Buffer, items: RawEntry[]][],
  shardOfFeed: ReadonlyMap<string, number>,
): FeedEntry[] {
  return reply.flatMap(([feed, items]) =>
    items.map((item) => parseEntry(shardOfFeed.get(String(feed)) ?? 0, item)),
  );
}

async function unlessHung<T>(redis: StoreConnection, read: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => redis.disconnect(true), HANG_MS);
  try {
    return await read();
  } finally {
    clearTimeout(timer);
  }
}
