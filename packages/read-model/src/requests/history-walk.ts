import { HISTORY_PARTS, historyLists, type RequestRecord } from '@llm-monitor/contracts/redis';

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
  let sources: HistorySource[] | undefined;

  const nextPlaces = async (): Promise<HistoryPlace[]> => {
    sources ??= (await fromEachShard(store, (shard) => openShard(store, shard, bounds))).flat();
    await Promise.all(sources.map((source) => fetchPlaces(store, source, bounds, chunk)));
    return takeMerged(sources);
  };
  return { next: async () => withRecords(store, await nextPlaces()) };
}

/**
 * The parts of hours apart from what has the name of an hour: that is the first part of it mostly, but may hold all of an hour where a
 * backup was restored in it, or a collector of a version before wrote beside newer ones.
 */
async function openShard(
  store: Store,
  shard: number,
  bounds: HistoryBounds,
): Promise<HistorySource[]> {
  const hours = await listHours(store, shard, bounds);
  const [whole, parts] = [hours.filter(Number.isInteger), hours.filter((hour) => hour % 1 !== 0)];
  return [whole, parts].map((some) => createSource(shard, some));
}

/** Where a shard's history is, oldest first. The first part of an hour is taken for as long as an hour, which is not too short. */
async function listHours(store: Store, shard: number, bounds: HistoryBounds): Promise<number[]> {
  const { after, fromMs, toMs } = bounds;
  const { historyHours, historyParted } = store.keys.shard(shard);
  const [hours, parted] = await Promise.all([
    store.redis.smembers(historyHours),
    store.redis.zrange(historyParted, '0', '-1'),
  ]);
  return historyLists(hours, parted)
    .filter((hour) => {
      const length = Number.isInteger(hour) ? 1 : 1 / HISTORY_PARTS;
      return (hour + length) * HOUR_MS > fromMs && hour * HOUR_MS < toMs;
    })
    .filter((hour) => !after || hour * HOUR_MS <= after.endedAtMs);
}

async function withRecords(store: Store, places: readonly HistoryPlace[]): Promise<HistoryEntry[]> {
  const records = await fromEachShard(store, async (shard) => {
    const members = places.filter((place) => place.shard === shard).map(({ member }) => member);
    const found = await readRecords(store, store.keys.shard(shard), members);
    return new Map(members.map((member, i) => [member, found[i]]));
  });
  return places.map((place) => ({ ...place, record: records[place.shard]?.get(place.member) }));
}
