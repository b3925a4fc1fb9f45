import type { ActiveRequest, EndedRequest, Host, ModelStats } from '@llm-monitor/contracts/rest';

import type { KeptSlicesCache } from './figures/kept-slices.ts';
import { readModels } from './figures/read-models.ts';
import { readStatus, readTotals, type StatusFigures } from './figures/read-status.ts';
import { readHosts } from './hosts/read-hosts.ts';
import { readActive } from './requests/read-active.ts';
import { readHistory } from './requests/read-history.ts';
import type { DemoFilter, Store } from './store.ts';

/** A demo whose last call started within this time counts as running. */
const DEMO_RUNNING_MS = 60_000;

/** All that the dashboard shows at once. */
export interface Overview {
  status: StatusFigures;
  active: ActiveRequest[];
  /** Ended calls, newest first. */
  recent: EndedRequest[];
  models: ModelStats[];
  hosts: Host[];
  /** Demo traffic runs, whether or not `demo` lets it through. */
  demoRunning: boolean;
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
  const { demo, nowMs } = options;
  const [status, active, history, models, hosts, demoTotals] = await Promise.all([
    readStatus(store, options),
    readActive(store, options),
    readHistory(store, { limit: options.recent, filter: { demo } }),
    readModels(store, options),
    readHosts(store, nowMs),
    readTotals(store, 'only'),
  ]);
  return {
    status,
    active,
    recent: history.items,
    models,
    hosts,
    demoRunning: nowMs - demoTotals.lastUsedMs <= DEMO_RUNNING_MS,
  };
}
