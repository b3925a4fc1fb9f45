import type { Store } from '../store.ts';
import { isAfter, type HistoryPosition } from './history-position.ts';

/** An ended call's place, and where its record is kept. */
export interface HistoryPlace extends HistoryPosition {
  shard: number;
}

/** Which places are wanted: behind `after`, ended at `fromMs` or later and before `toMs`. */
export interface HistoryBounds {
  after: HistoryPosition | undefined;
  fromMs: number;
  toMs: number;
}

/** A shard's history, or some of it, read from new to old in chunks. */
export interface HistorySource {
  shard: number;
  /** Where it is, oldest first: hours and parts of hours, which another shard may have otherwise. What was read to its end is gone. */
  hours: number[];
  /** Places that were fetched and not yet taken. */
  buffer: HistoryPlace[];
  /** Nothing is left to fetch. */
  isExhausted: boolean;
  last: HistoryPosition | undefined;
}

/** @param hours hours and parts of hours, oldest first; it is emptied by reading */
export function createSource(shard: number, hours: number[]): HistorySource {
  return { shard, hours, buffer: [], isExhausted: hours.length === 0, last: undefined };
}

/** Fills an empty buffer, or finds that nothing is left. */
export async function fetchPlaces(
  store: Store,
  source: HistorySource,
  bounds: HistoryBounds,
  chunk: number,
): Promise<void> {
  while (source.buffer.length === 0 && !source.isExhausted) {
    const hour = source.hours.at(-1) ?? 0;
    const key = store.keys.shard(source.shard).history(hour);
    if (await fetchFrom(store, key, source, bounds, chunk)) source.hours.pop();
    source.isExhausted = source.hours.length === 0;
  }
}

/** @returns whether nothing is left where it was fetched from */
async function fetchFrom(
  store: Store,
  key: string,
  source: HistorySource,
  bounds: HistoryBounds,
  chunk: number,
): Promise<boolean> {
  const behind = source.last ?? bounds.after;
  const max =
    behind && behind.endedAtMs < bounds.toMs ? String(behind.endedAtMs) : before(bounds.toMs);
  const min = bounds.fromMs === -Infinity ? '-inf' : String(bounds.fromMs);
  // Places at or before the last one are dropped instead of skipped by an offset, which insertions would shift.
  // Where more than a chunk share one instant, ask for more until something new is among them.
  for (let count = chunk; ; count *= 2) {
    const flat = await store.redis.zrevrangebyscore(
      key,
      ...([max, min, 'WITHSCORES', 'LIMIT', 0, count] as const),
    );
    const places = toPlaces(flat, source.shard);
    source.buffer = behind ? places.filter((place) => isAfter(place, behind)) : places;
    source.last = source.buffer.at(-1) ?? source.last;
    const isAtEnd = places.length < count;
    if (source.buffer.length > 0 || isAtEnd) return isAtEnd;
  }
}

const before = (ms: number): string => (ms === Infinity ? '+inf' : `(${ms}`);

function toPlaces(flat: readonly string[], shard: number): HistoryPlace[] {
  const places: HistoryPlace[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    places.push({ member: flat[i] ?? '', endedAtMs: Number(flat[i + 1]), shard });
  }
  return places;
}

/** Takes places in order, for as long as every source that is not at its end has one to compare. */
export function takeMerged(sources: readonly HistorySource[]): HistoryPlace[] {
  const merged: HistoryPlace[] = [];
  const queues = sources.map(({ buffer, isExhausted }) => ({ buffer, isExhausted, next: 0 }));
  for (;;) {
    if (queues.some(({ buffer, isExhausted, next }) => next >= buffer.length && !isExhausted))
      break;
    const newest = queues
      .filter(({ buffer, next }) => next < buffer.length)
      .reduce<(typeof queues)[number] | undefined>((best, queue) => {
        const place = queue.buffer[queue.next];
        const other = best?.buffer[best.next];
        return place && (!other || isAfter(other, place)) ? queue : best;
      }, undefined);
    const place = newest?.buffer[newest.next];
    if (!newest || !place) break;
    merged.push(place);
    newest.next++;
  }
  queues.forEach(({ buffer, next }) => buffer.splice(0, next));
  return merged;
}
