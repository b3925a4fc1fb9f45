import {
  emptyRollup,
  parseRollupMember,
  rollupMember,
  type Rollup,
} from '@llm-monitor/contracts/redis';

import { keptHours } from '../rollups/cover-range.ts';
import { addRollup } from '../rollups/merge-rollups.ts';
import { readSlices, type Slice } from '../rollups/read-rollups.ts';
import { matchesDemo, type DemoFilter, type Store } from '../store.ts';

const HOUR_MS = 3_600_000;
/** Late events still change hours that are over, but rarely. */
const SEALED_FRESH_MS = 60_000;
/** The present hour and the one before it are always read. */
const OPEN_HOURS = 2;

/** Keeps the sum of the hours that are over, so that 90 days are not read again for every answer. */
export interface KeptSlicesCache {
  sealed?: {
    generation: number;
    throughHour: number;
    readAtMs: number;
    slices: Promise<Slice[]>;
  };
}

export function createKeptSlicesCache(): KeptSlicesCache {
  return {};
}

/** Counts of all that is kept (90 days), one slice a combination. With a cache, what is older than an hour may be a minute old. */
export async function readKeptSlices(
  store: Store,
  options: { demo: DemoFilter; nowMs: number; cache?: KeptSlicesCache },
): Promise<Slice[]> {
  const { nowMs, cache = createKeptSlicesCache() } = options;
  const hours = keptHours(nowMs);
  const openHours = hours.splice(-OPEN_HOURS);
  const throughHour = Math.floor(nowMs / HOUR_MS) - OPEN_HOURS;
  const { sealed } = cache;
  const { generation } = store.keys;
  const isUsable =
    sealed?.generation === generation &&
    sealed.throughHour === throughHour &&
    nowMs - sealed.readAtMs < SEALED_FRESH_MS;
  if (!isUsable) {
    const slices = readSlices(store, hours, () => true);
    const made = { generation, throughHour, readAtMs: nowMs, slices };
    cache.sealed = made;
    slices.catch(() => {
      // One that hung may fail after another was made.
      if (cache.sealed === made) delete cache.sealed;
    });
  }
  const [old, open] = await Promise.all([
    cache.sealed?.slices ?? [],
    readSlices(store, openHours, () => true),
  ]);
  return mergeSlices([...old, ...open]).filter(({ of }) => matchesDemo(of.demo, options.demo));
}

/** One slice a combination; the given ones stay as they are. */
function mergeSlices(slices: readonly Slice[]): Slice[] {
  const merged = new Map<string, Rollup>();
  for (const { of, rollup } of slices) {
    const member = rollupMember(of);
    const into = merged.get(member) ?? emptyRollup();
    merged.set(member, into);
    addRollup(into, rollup);
  }
  return [...merged].map(([member, rollup]) => ({ of: parseRollupMember(member), rollup }));
}
