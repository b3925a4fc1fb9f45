import type { Rollup } from '@llm-monitor/contracts/redis';
import type { Figures, Stats } from '@llm-monitor/contracts/rest';

import { coverRange } from '../rollups/cover-range.ts';
import { sumBy, sumSlices } from '../rollups/merge-rollups.ts';
import { readSlices } from '../rollups/read-rollups.ts';
import { toFigures } from '../rollups/to-figures.ts';
import { matchesDemo, type DemoFilter, type Store } from '../store.ts';
import { readKeptSlices, type KeptSlicesCache } from './kept-slices.ts';

/**
 * Totals, percentiles, by model and by app.
 * @param options.range as it was asked for, with its length; without it all that is kept (90 days)
 */
export async function readStats(
  store: Store,
  options: {
    demo: DemoFilter;
    nowMs: number;
    range?: { name: string; ms: number };
    cache?: KeptSlicesCache;
  },
): Promise<Stats> {
  const { range, nowMs, demo } = options;
  const covered = range && coverRange(nowMs - range.ms, nowMs);
  const slices = covered
    ? await readSlices(store, covered.buckets, (of) => matchesDemo(of.demo, demo))
    : await readKeptSlices(store, options);
  return {
    range: range?.name ?? null,
    from: covered ? new Date(covered.fromMs).toISOString() : null,
    to: new Date(nowMs).toISOString(),
    totals: toFigures(sumSlices(slices)),
    by_model: byName(sumBy(slices, 'model')),
    by_app: byName(sumBy(slices, 'app')),
  };
}

function byName(rollups: ReadonlyMap<string, Rollup>): ({ name: string } & Figures)[] {
  return [...rollups]
    .map(([name, rollup]) => ({ name, ...toFigures(rollup) }))
    .sort((a, b) => b.total_requests - a.total_requests || (a.name < b.name ? -1 : 1));
}
