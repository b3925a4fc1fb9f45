import type { AppStats, Host, ModelStats } from '@llm-monitor/contracts/rest';

import { readInstances } from '../apps/instances.ts';
import { countBots } from '../bots/read-bots.ts';
import { toAppStats } from '../apps/to-app-stats.ts';
import { readHostStates } from '../hosts/host-state.ts';
import { listedModels } from '../hosts/listed-models.ts';
import { toHost } from '../hosts/to-host.ts';
import { countActive } from '../requests/read-active.ts';
import { sumBy } from '../rollups/merge-rollups.ts';
import { matchesDemo, type DemoFilter, type Store } from '../store.ts';
import { readKeptSlices, type KeptSlicesCache } from './kept-slices.ts';
import { toModelStats } from './read-models.ts';
import { readCollecting } from './read-collecting.ts';
import { readTotals } from './read-status.ts';
import { toStatus, type StatusFigures } from './to-status.ts';

/** A demo whose last call started within this time counts as running; it starts one every few seconds. */
const DEMO_RUNNING_MS = 20_000;

/** What changes with time rather than with single calls. */
export interface LiveFigures {
  status: StatusFigures;
  models: ModelStats[];
  apps: AppStats[];
  hosts: Host[];
  /** Demo traffic runs, whether or not `demo` lets it through. */
  demoRunning: boolean;
}

/** All figures at once: what several of them are made of is read once. */
export async function readFigures(
  store: Store,
  options: { demo: DemoFilter; nowMs: number; hostName?: string; cache?: KeptSlicesCache },
): Promise<LiveFigures> {
  const { demo, nowMs, hostName } = options;
  const [rollup, demoTotals, slices, active, hosts, instances, collecting, bots] =
    await Promise.all([
      readTotals(store, demo),
      readTotals(store, 'only'),
      readKeptSlices(store, { ...options, demo: 'include' }),
      countActive(store, demo),
      readHostStates(store),
      readInstances(store, nowMs),
      readCollecting(store, nowMs),
      countBots(store),
    ]);
  const wanted = slices.filter(({ of }) => matchesDemo(of.demo, demo));
  return {
    status: toStatus({
      ...{ rollup, hosts, instances, collecting, bots, hostName, nowMs },
      active: active.total,
    }),
    models: toModelStats({
      called: sumBy(wanted, 'model'),
      active: active.byModel,
      listed: listedModels(hosts, nowMs),
      onlyCalled: demo === 'only',
    }),
    apps: toAppStats({ slices, active: active.byApp, instances, demo, nowMs }),
    hosts: hosts.map((state) => toHost(state, nowMs)),
    demoRunning: nowMs - demoTotals.lastUsedMs <= DEMO_RUNNING_MS,
  };
}
