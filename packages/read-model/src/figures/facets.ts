import { OTHER, type Counts } from '@llm-monitor/contracts/redis';
import { END_STATUSES, type EndStatus, type Facets } from '@llm-monitor/contracts/rest';

import type { Slice } from '../rollups/read-rollups.ts';

type Dimension = 'model' | 'app' | 'host';

/** What the calls are narrowed by. */
export interface FacetFilter extends Partial<Record<Dimension, string>> {
  status?: readonly EndStatus[];
}

const COUNTS: Record<EndStatus, (counts: Counts) => number> = {
  completed: (counts) => counts.completed,
  failed: (counts) => counts.failed - counts.timeouts,
  timeout: (counts) => counts.timeouts,
  cancelled: (counts) => counts.cancelled,
};

/**
 * What is counted beyond the cap of combinations: the calls have names of their own, by which they are found, and none has this one.
 */
const isNameless = ({ of }: Slice) => of.model === OTHER && of.app === OTHER && of.host === OTHER;

/** How many ended calls there are of each value, with all filters applied but its own: what a press on it would show. */
export function facetsOf(slices: readonly Slice[], filter: FacetFilter): Facets {
  const fits = ({ of }: Slice, but?: Dimension) =>
    (['model', 'app', 'host'] as const).every(
      (name) => name === but || filter[name] === undefined || of[name] === filter[name],
    );
  const statuses = filter.status ?? END_STATUSES;
  const countBy = (dimension: Dimension) => {
    const counts = new Map<string, number>();
    for (const slice of slices) {
      if (isNameless(slice) || !fits(slice, dimension)) continue;
      const name = slice.of[dimension];
      const ended = statuses.reduce((sum, each) => sum + COUNTS[each](slice.rollup.counts), 0);
      counts.set(name, (counts.get(name) ?? 0) + ended);
    }
    return [...counts]
      .map(([name, count]) => ({ name, count }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  };
  const fitting = slices.filter((slice) => fits(slice));
  const ended = (status: EndStatus) =>
    fitting.reduce((sum, { rollup }) => sum + COUNTS[status](rollup.counts), 0);
  return {
    status: END_STATUSES.map((name) => ({ name, count: ended(name) })),
    model: countBy('model'),
    app: countBy('app'),
    host: countBy('host'),
  };
}
