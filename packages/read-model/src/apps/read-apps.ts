import type { AppStats } from '@llm-monitor/contracts/rest';

import { readKeptSlices, type KeptSlicesCache } from '../figures/kept-slices.ts';
import { countActive } from '../requests/read-active.ts';
import type { DemoFilter, Store } from '../store.ts';
import { readInstances } from './instances.ts';
import { toAppStats } from './to-app-stats.ts';

/** Every app that called a model, or whose processes say that they run, the most used first. */
export async function readApps(
  store: Store,
  options: { demo: DemoFilter; nowMs: number; cache?: KeptSlicesCache },
): Promise<AppStats[]> {
  const { demo, nowMs } = options;
  const [slices, active, instances] = await Promise.all([
    readKeptSlices(store, { ...options, demo: 'include' }),
    countActive(store, demo),
    readInstances(store, nowMs),
  ]);
  return toAppStats({ slices, active: active.byApp, instances, demo, nowMs });
}
