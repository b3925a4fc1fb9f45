import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';

import type { KeptSlicesCache } from './figures/kept-slices.ts';
import { readFigures, type LiveFigures } from './figures/read-figures.ts';
import { readActive } from './requests/read-active.ts';
import { readHistory } from './requests/read-history.ts';
import type { DemoFilter, Store } from './store.ts';

/** All that the dashboard shows at once. */
export interface Overview extends LiveFigures {
  active: ActiveRequest[];
  /** Ended calls, newest first. */
  recent: EndedRequest[];
}

/** @param options.recent how many ended calls */
export async function readOverview(
  store: Store,
  options: {
    demo: DemoFilter;
    recent: number;
    nowMs: number;
    hostName?: string;
    cache?: KeptSlicesCache;
  },
): Promise<Overview> {
  const [figures, active, history] = await Promise.all([
    readFigures(store, options),
    readActive(store, options),
    readHistory(store, { limit: options.recent, filter: { demo: options.demo } }),
  ]);
  return { ...figures, active, recent: history.items };
}
