import type { RequestRecord } from '@llm-monitor/contracts/redis';

import { fromEachShard, type Store } from '../store.ts';
import { isAfter, type HistoryPosition } from './history-position.ts';
import { readRecords } from './read-records.ts';

const HOUR_MS = 3_600_000;

/** An ended call and its place. The record is undefined where it is no longer kept. */
export interface HistoryEntry extends HistoryPosition {
  shard: number;
  record?: RequestRecord | undefined;
}

/** Walks the ended calls of all shards from new to old. */
export interface HistoryWalk {
  /** The next entries, with their records; empty at the end. */
  next(): Promise<HistoryEntry[]>;
}

/** One shard's part of one hour. */
interface Source {
  shard: number;
  buffer: HistoryEntry[];
  /** The last entry that was fetched. */
  last: HistoryPosition | undefined;
  isExhausted: boolean;
}

/**
 * @param options.after start behind this place
 * @param options.fromMs the oldest end, inclusive
 * @param options.toMs the newest end, exclusive
 * @param options.chunk how many entries to fetch at once from a shard
 */
export function createHistoryWalk(
  store: Store,
  options: { after?: HistoryPosition; fromMs?: number; toMs?: number; chunk: number },
): HistoryWalk {
  const { fromMs = -Infinity, toMs = Infinity, after, chunk } = options;
  let hours: number[] | undefined;
  let hour: number | undefined;
  let sources: Source[] = [];

  const fetch = async (source: Source): Promise<void> => {
    const key = store.keys.shard(source.shard).history(hour ?? 0);
    const behind = source.last ?? after;
    const max = behind && behind.endedAtMs < toMs ? String(behind.endedAtMs) : exclusive(toMs);
    const min = fromMs === -Infinity ? '-inf' : String(fromMs);
    // Entries at or before the last place are dropped instead of skipped by an offset, which insertions would shift.
    // Where more than a chunk share one instant, ask for more until something new is among them.
    for (let count = chunk; ; count *= 2) {
      const flat = await store.redis.zrevrangebyscore(
        key,
        max,
        min,
        'WITHSCORES',
        'LIMIT',
        0,
        count,
      );
      const entries = toEntries(flat, source.shard);
      source.buffer = behind ? entries.filter((entry) => isAfter(entry, behind)) : entries;
      source.last = source.buffer.at(-1) ?? source.last;
      source.isExhausted = entries.length < count;
      if (source.buffer.length > 0 || source.isExhausted) return;
    }
  };

  const nextPlaces = async (): Promise<HistoryEntry[]> => {
    hours ??= await listHours(store, {
      fromMs,
      toMs: Math.min(toMs, after ? after.endedAtMs + 1 : Infinity),
    });
    for (;;) {
      await Promise.all(
        sources.filter((one) => one.buffer.length === 0 && !one.isExhausted).map(fetch),
      );
      const places = mergeUntilOneIsEmpty(sources);
      if (places.length > 0) return places;
      hour = hours.shift();
      if (hour === undefined) return [];
      sources = Array.from({ length: store.keys.shards }, (_, shard) => ({
        shard,
        buffer: [],
        last: undefined,
        isExhausted: false,
      }));
    }
  };

  return {
    async next() {
      return withRecords(store, await nextPlaces());
    },
  };
}

const exclusive = (ms: number): string => (ms === Infinity ? '+inf' : `(${ms}`);

function toEntries(flat: readonly string[], shard: number): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    entries.push({ member: flat[i] ?? '', endedAtMs: Number(flat[i + 1]), shard });
  }
  return entries;
}

/** Hours that have a history, newest first. */
async function listHours(
  store: Store,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<number[]> {
  const perShard = await fromEachShard(store, (shard) =>
    store.redis.smembers(store.keys.shard(shard).historyHours),
  );
  return [...new Set(perShard.flat().map(Number))]
    .filter((hour) => (hour + 1) * HOUR_MS > fromMs && hour * HOUR_MS < toMs)
    .sort((a, b) => b - a);
}

/** Takes entries in order as long as every source that is not at its end has one to compare. */
function mergeUntilOneIsEmpty(sources: readonly Source[]): HistoryEntry[] {
  const merged: HistoryEntry[] = [];
  const taken = sources.map(() => 0);
  for (;;) {
    let first = -1;
    for (const [i, source] of sources.entries()) {
      const entry = source.buffer[taken[i] ?? 0];
      if (!entry) {
        if (!source.isExhausted) return finish();
        continue;
      }
      const best = first < 0 ? undefined : sources[first]?.buffer[taken[first] ?? 0];
      if (!best || isAfter(best, entry)) first = i;
    }
    const entry = sources[first]?.buffer[taken[first] ?? 0];
    if (!entry) return finish();
    merged.push(entry);
    taken[first] = (taken[first] ?? 0) + 1;
  }

  function finish(): HistoryEntry[] {
    sources.forEach((source, i) => source.buffer.splice(0, taken[i] ?? 0));
    return merged;
  }
}

async function withRecords(store: Store, places: readonly HistoryEntry[]): Promise<HistoryEntry[]> {
  const records = await fromEachShard(store, async (shard) => {
    const members = places.filter((place) => place.shard === shard).map(({ member }) => member);
    const found = await readRecords(store, store.keys.shard(shard), members);
    return new Map(members.map((member, i) => [member, found[i]]));
  });
  return places.map((place) => ({ ...place, record: records[place.shard]?.get(place.member) }));
}
