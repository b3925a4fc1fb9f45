import type { RequestRecord } from '@llm-monitor/contracts/redis';

import { fromEachShard, type Store } from '../store.ts';
import {
  createSource,
  fetchPlaces,
  takeMerged,
  type HistoryBounds,
  type HistoryPlace,
  type HistorySource,
} from './history-source.ts';
import { readRecords } from './read-records.ts';

const HOUR_MS = 3_600_000;

/** An ended call and its place. The record is undefined where it is no longer kept. */
export interface HistoryEntry extends HistoryPlace {
  record: RequestRecord | undefined;
}

/** Walks the ended calls of all shards from new to old. */
export interface HistoryWalk {
  /** The next entries, with their records; empty at the end. */
  next(): Promise<HistoryEntry[]>;
}

/** @param chunk how many places to fetch at once from a shard */
export function createHistoryWalk(store: Store, bounds: HistoryBounds, chunk: number): HistoryWalk {
  let hours: number[] | undefined;
  let sources: HistorySource[] = [];

  const nextPlaces = async (): Promise<HistoryPlace[]> => {
    hours ??= await listHours(store, bounds);
    for (;;) {
      await Promise.all(
        sources
          .filter(({ buffer, isExhausted }) => buffer.length === 0 && !isExhausted)
          .map((source) => fetchPlaces(store, source, bounds, chunk)),
      );
      const places = takeMerged(sources);
      if (places.length > 0) return places;
      const hour = hours.shift();
      if (hour === undefined) return [];
      sources = Array.from({ length: store.keys.shards }, (_, i) => createSource(store, i, hour));
    }
  };
  return { next: async () => withRecords(store, await nextPlaces()) };
}

/** Hours that have a history, newest first. */
async function listHours(store: Store, bounds: HistoryBounds): Promise<number[]> {
  const { after, fromMs, toMs } = bounds;
  const perShard = await fromEachShard(store, (shard) =>
    store.redis.smembers(store.keys.shard(shard).historyHours),
  );
  return [...new Set(perShard.flat().map(Number))]
    .filter((hour) => (hour + 1) * HOUR_MS > fromMs && hour * HOUR_MS < toMs)
    .filter((hour) => !after || hour * HOUR_MS <= after.endedAtMs)
    .sort((a, b) => b - a);
}

async function withRecords(store: Store, places: readonly HistoryPlace[]): Promise<HistoryEntry[]> {
  const records = await fromEachShard(store, async (shard) => {
    const members = places.filter((place) => place.shard === shard).map(({ member }) => member);
    const found = await readRecords(store, store.keys.shard(shard), members);
    return new Map(members.map((member, i) => [member, found[i]]));
  });
  return places.map((place) => ({ ...place, record: records[place.shard]?.get(place.member) }));
}
