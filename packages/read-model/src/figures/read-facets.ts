import type { Facets } from '@llm-monitor/contracts/rest';

import type { Store } from '../store.ts';
import { facetsOf, type FacetFilter } from './facets.ts';
import { readCovered, type StatsOptions } from './read-stats.ts';

/** How many ended calls there are of each status, model, app and host. */
export async function readFacets(
  store: Store,
  options: Pick<StatsOptions, 'demo' | 'nowMs' | 'span' | 'cache'> & FacetFilter,
): Promise<Facets> {
  const { slices } = await readCovered(store, options);
  return facetsOf(slices, options);
}
