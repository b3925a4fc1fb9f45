import { emptyRollup, type Rollup } from '@llm-monitor/contracts/redis';
import type { ModelStats } from '@llm-monitor/contracts/rest';

import { hasModel, listedModels, type ListedModels } from '../hosts/listed-models.ts';
import { readHostStates } from '../hosts/host-state.ts';
import { countActive } from '../requests/read-active.ts';
import { sumBy } from '../rollups/merge-rollups.ts';
import { toFigures } from '../rollups/to-figures.ts';
import type { DemoFilter, Store } from '../store.ts';
import { readKeptSlices, type KeptSlicesCache } from './kept-slices.ts';

/** Every model that was called or that a server lists, the most used first. */
export async function readModels(
  store: Store,
  options: { demo: DemoFilter; nowMs: number; cache?: KeptSlicesCache },
): Promise<ModelStats[]> {
  const [slices, active, hosts] = await Promise.all([
    readKeptSlices(store, options),
    countActive(store, options.demo),
    readHostStates(store),
  ]);
  return toModelStats({
    called: sumBy(slices, 'model'),
    active: active.byModel,
    listed: listedModels(hosts, options.nowMs),
    onlyCalled: options.demo === 'only',
  });
}

export function toModelStats(from: {
  called: ReadonlyMap<string, Rollup>;
  active: ReadonlyMap<string, number>;
  listed: ListedModels;
  /** Leave out what a server lists and nobody called. */
  onlyCalled: boolean;
}): ModelStats[] {
  const { called, active, listed } = from;
  const names = new Set([...called.keys(), ...active.keys()]);
  const shortNames = new Set(names);
  if (!from.onlyCalled) {
    for (const name of [...listed.available, ...listed.loaded]) {
      // A model that apps call `mistral` is the listed `mistral:latest`: one row, not two.
      if (!shortNames.has(name.replace(/:latest$/, ''))) names.add(name);
    }
  }
  return [...names]
    .map((name): ModelStats => {
      const rollup = called.get(name) ?? emptyRollup();
      return {
        name,
        available: listed.known ? hasModel(listed.available, name) : null,
        loaded: listed.known ? hasModel(listed.loaded, name) : null,
        active_requests: active.get(name) ?? 0,
        ...toFigures(rollup),
        last_used: rollup.lastUsedMs > 0 ? new Date(rollup.lastUsedMs).toISOString() : null,
        hosts: listed.placesOf(name),
      };
    })
    .sort((a, b) => b.total_requests - a.total_requests || (a.name < b.name ? -1 : 1));
}
