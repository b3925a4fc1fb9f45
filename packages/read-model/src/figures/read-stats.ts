import type { CostSettings, Figures, Stats } from '@llm-monitor/contracts/rest';
import { bucketBounds } from '@llm-monitor/contracts/stats';

import { readCostSettings } from '../costs/cost-settings.ts';
import { figuresWithCost } from '../costs/figures-cost.ts';
import { hasNames, type Names } from '../has-names.ts';
import { coverRange } from '../rollups/cover-range.ts';
import { sumSlices } from '../rollups/merge-rollups.ts';
import { readSlices, type Slice } from '../rollups/read-rollups.ts';
import { round } from '../round.ts';
import { matchesDemo, type DemoFilter, type Store } from '../store.ts';
import { readKeptSlices, type KeptSlicesCache } from './kept-slices.ts';

export interface StatsOptions extends Names {
  demo: DemoFilter;
  nowMs: number;
  /** Without it all that is kept (90 days). `name`: as it was asked for, if by a name. */
  span?: { name?: string; fromMs: number; toMs: number };
  cache?: KeptSlicesCache;
}

/** Totals, percentiles, by model, app and host, and how long calls took. */
export async function readStats(store: Store, options: StatsOptions): Promise<Stats> {
  const { slices, fromMs, toMs } = await readCovered(store, options);
  const wanted = slices.filter(({ of }) => hasNames(of, options));
  const total = sumSlices(wanted);
  const settings = await readCostSettings(store);
  return {
    range: options.span?.name ?? null,
    from: fromMs === undefined ? null : new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    totals: figuresWithCost(wanted, settings),
    by_model: byName(wanted, 'model', settings),
    by_app: byName(wanted, 'app', settings),
    by_host: byName(wanted, 'host', settings),
    durations: toHistogram(total.durations),
  };
}

/** Counts of the span, and where it begins and ends as it could be read. */
export async function readCovered(
  store: Store,
  options: Pick<StatsOptions, 'demo' | 'nowMs' | 'span' | 'cache'>,
): Promise<{ slices: Slice[]; fromMs?: number; toMs: number }> {
  const { span, nowMs, demo } = options;
  if (!span) return { slices: await readKeptSlices(store, options), toMs: nowMs };
  const { buckets, fromMs, toMs } = coverRange(span.fromMs, nowMs, span.toMs);
  const slices = await readSlices(store, buckets, (of) => matchesDemo(of.demo, demo));
  return { slices, fromMs, toMs: Math.min(toMs, nowMs) };
}

function byName(
  slices: readonly Slice[],
  dimension: 'model' | 'app' | 'host',
  settings: CostSettings,
): ({ name: string } & Figures)[] {
  const own = new Map<string, Slice[]>();
  for (const slice of slices) {
    const list = own.get(slice.of[dimension]) ?? [];
    own.set(slice.of[dimension], list);
    list.push(slice);
  }
  return [...own]
    .map(([name, list]) => ({ name, ...figuresWithCost(list, settings) }))
    .sort((a, b) => b.total_requests - a.total_requests || (a.name < b.name ? -1 : 1));
}

function toHistogram(buckets: ReadonlyMap<number, number>): Stats['durations'] {
  return [...buckets]
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => a - b)
    .map(([bucket, count]) => {
      const { from, to } = bucketBounds(bucket);
      return { from: round(from / 1000, 6), to: round(to / 1000, 6), count };
    });
}
