import type { FeedPosition } from '@llm-monitor/contracts/live';
import type { Keys } from '@llm-monitor/contracts/redis';
import { whenStoreReady, type Logger, type StoreConnection } from '@llm-monitor/runtime';

import type { FeedEntry } from '../core/recent-entries.ts';
import { feedKeys, parseEntry, type RawEntry } from './feed-store.ts';

const BLOCK_MS = 1000;
const ENTRIES_PER_READ = 200;
/** A blocking read that took this long hangs: the connection is made anew. */
const HANG_MS = 5000;
const RETRY_MS = 200;

/** Reads the change feed as it grows, over a connection of its own. */
export interface FeedFollower {
  /** Goes on from `position`, which was just read from Redis, whatever came before. */
  follow(position: FeedPosition): void;
  /** When Redis last answered, whether or not anything was new; ms. */
  heardAtMs(): number;
  close(): Promise<void>;
}

/**
 * @param options.redis a connection for blocking reads; it is closed with the follower
 * @param options.onEntries new entries, in the order of each shard
 * @param options.onDoubt the connection was away, or reading has fallen behind: the cap may have taken entries after `position`
 */
export function createFeedFollower(options: {
  redis: StoreConnection;
  keys: Keys;
  log: Logger;
  onEntries(entries: FeedEntry[]): void;
  onDoubt(position: FeedPosition): void;
}): FeedFollower {
  const { redis, log } = options;
  const feeds = feedKeys(options.keys);
  const shardOfFeed = new Map(feeds.map((feed, shard) => [feed, shard]));
  const closed = createSignal();
  let position: string[] | undefined;
  let heardAtMs = 0;

  const readOnce = async (): Promise<void> => {
    const from = position;
    if (!from) return closed.orAfter(RETRY_MS);
    const reply = await unlessHung(redis, () =>
      redis.xread('COUNT', ENTRIES_PER_READ, 'BLOCK', BLOCK_MS, 'STREAMS', ...feeds, ...from),
    );
    heardAtMs = Date.now();
    // Told meanwhile to go on from elsewhere: these entries may belong to another life of the store.
    if (!reply || position !== from) return undefined;
    const before = [...from];
    const entries = parseReply(reply, shardOfFeed);
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
        // It answers again; the next read may wait for a while.
        if (wasAway) heardAtMs = Date.now();
        if (wasAway && position) options.onDoubt([...position]);
        wasAway = false;
        await readOnce();
      } catch (error) {
        if (!wasAway)
          log.warn({ err: (error as Error).message }, 'cannot read the change feed; trying again');
        wasAway = true;
        await closed.orAfter(RETRY_MS);
      }
    }
  };
  const running = run();

  return {
    follow(at) {
      heardAtMs = Date.now();
      position = [...at];
    },
    heardAtMs: () => heardAtMs,
    async close() {
      closed.give();
      redis.disconnect();
      await running;
    },
  };
}

function parseReply(
  reply: readonly [feed: string, items: RawEntry[]][],
  shardOfFeed: ReadonlyMap<string, number>,
): FeedEntry[] {
  return reply.flatMap(([feed, items]) =>
    items.map((item) => parseEntry(shardOfFeed.get(feed) ?? 0, item)),
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

/** Something that happens once, and cuts waits short. */
function createSignal() {
  let give: () => void = () => undefined;
  let given = false;
  const signal = new Promise<void>((resolve) => {
    give = resolve;
  });
  const or = (other: Promise<void>): Promise<void> => Promise.race([signal, other]);
  return {
    give() {
      given = true;
      give();
    },
    isGiven: () => given,
    or,
    async orAfter(ms: number) {
      let timer: NodeJS.Timeout | undefined;
      await or(
        new Promise((resolve) => {
          timer = setTimeout(resolve, ms);
        }),
      );
      clearTimeout(timer);
    },
  };
}
