import { emptyRollup, type Rollup } from '@llm-monitor/contracts/redis';
import type { AppStats } from '@llm-monitor/contracts/rest';

import { sumBy } from '../rollups/merge-rollups.ts';
import type { Slice } from '../rollups/read-rollups.ts';
import { toFigures } from '../rollups/to-figures.ts';
import { matchesDemo, type DemoFilter } from '../store.ts';
import { isRunning, sumDrops, type Instance } from './instances.ts';

/** More processes of one app than these, the last heard of, are not listed one by one. */
const MAX_LISTED = 100;

/**
 * Every app that called a model, or whose processes say that they run, the most used first.
 * @param from.slices of all traffic: an app that only ever made demo calls is no app of the others
 */
export function toAppStats(from: {
  slices: readonly Slice[];
  /** Running calls that `demo` lets through. */
  active: ReadonlyMap<string, number>;
  instances: readonly Instance[];
  demo: DemoFilter;
  nowMs: number;
}): AppStats[] {
  const { slices, active, demo, nowMs } = from;
  const wanted = slices.filter(({ of }) => matchesDemo(of.demo, demo));
  const called = sumBy(wanted, 'app');
  const calledOtherwise = new Set(slices.map(({ of }) => of.app));
  const instances = groupBy(from.instances, ({ app }) => app);
  const silent = [...instances.keys()].filter((app) => !calledOtherwise.has(app));
  const names = new Set([...called.keys(), ...active.keys(), ...(demo === 'only' ? [] : silent)]);
  const models = modelsByApp(wanted);
  return [...names]
    .map((name): AppStats => {
      const rollup = called.get(name) ?? emptyRollup();
      const own = instances.get(name) ?? [];
      return {
        name,
        active_requests: active.get(name) ?? 0,
        ...toFigures(rollup),
        last_used: rollup.lastUsedMs > 0 ? new Date(rollup.lastUsedMs).toISOString() : null,
        models: models.get(name) ?? [],
        ...sumDrops(own),
        instances: listInstances(own, nowMs),
      };
    })
    .sort((a, b) => b.total_requests - a.total_requests || (a.name < b.name ? -1 : 1));
}

/** The models of each app, the most used first. */
function modelsByApp(slices: readonly Slice[]): Map<string, string[]> {
  const byApp = groupBy(slices, ({ of }) => of.app);
  const started = ([, rollup]: [string, Rollup]): number => rollup.counts.started;
  return new Map(
    [...byApp].map(([app, own]) => {
      const models = [...sumBy(own, 'model')];
      models.sort((a, b) => started(b) - started(a) || (a[0] < b[0] ? -1 : 1));
      return [app, models.map(([model]) => model)];
    }),
  );
}

function listInstances(instances: readonly Instance[], nowMs: number): AppStats['instances'] {
  return instances
    .toSorted((a, b) => b.seenAtMs - a.seenAtMs || (a.beat.instance < b.beat.instance ? -1 : 1))
    .slice(0, MAX_LISTED)
    .map((instance) => {
      const { beat, seenAtMs } = instance;
      const online = isRunning(instance, nowMs);
      return {
        instance: beat.instance,
        host: beat.host ?? null,
        online,
        last_seen: new Date(seenAtMs).toISOString(),
        // Of one that ended or is cut off, nothing is known to go on.
        running: online ? beat.running : 0,
        queued: online ? (beat.queued ?? 0) : 0,
        dropped_events: beat.droppedEvents ?? 0,
        dropped_requests: beat.droppedRequests ?? 0,
      };
    });
}

function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return groups;
}
