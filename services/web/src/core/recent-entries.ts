import {
  compareEntryIds,
  isAtOrBefore,
  type FeedOp,
  type FeedPosition,
} from '@llm-monitor/contracts/live';

/** One entry of the change feed. */
export interface FeedEntry {
  shard: number;
  id: string;
  ops: readonly FeedOp[];
}

/** The last entries that this process has read: whoever joins or resumes at a late position needs no question to Redis. */
export interface RecentEntries {
  add(entry: FeedEntry): void;
  /** All entries after `position`; undefined when they are no longer all here, or when it was not read up to there yet. */
  since(position: FeedPosition): FeedEntry[] | undefined;
  /** Up to where the feed was read. */
  position(): FeedPosition;
  /** Forgets all: reading goes on from `position`. */
  reset(position: FeedPosition): void;
}

/** @param options.maxOps how many changes are kept, which bounds the memory */
export function createRecentEntries(options: { maxOps: number }): RecentEntries {
  let entries: FeedEntry[] = [];
  let held = 0;
  let floor: string[] = [];
  let position: string[] = [];

  const forgetOldest = () => {
    let count = 0;
    while (held > options.maxOps && count < entries.length) {
      const oldest = entries[count++] as FeedEntry;
      held -= oldest.ops.length;
      floor[oldest.shard] = oldest.id;
    }
    if (count > 0) entries = entries.slice(count);
  };

  return {
    add(entry) {
      if (compareEntryIds(entry.id, position[entry.shard] ?? '0-0') <= 0) return;
      entries.push(entry);
      held += entry.ops.length;
      position[entry.shard] = entry.id;
      // In steps of a quarter, so that a steady feed does not copy the list for every entry.
      if (held > options.maxOps * 1.25) forgetOldest();
    },
    since(from) {
      if (!isAtOrBefore(floor, from) || !isAtOrBefore(from, position)) return undefined;
      return entries.filter(({ shard, id }) => compareEntryIds(id, from[shard] ?? '') > 0);
    },
    position: () => [...position],
    reset(at) {
      entries = [];
      held = 0;
      floor = [...at];
      position = [...at];
    },
  };
}
