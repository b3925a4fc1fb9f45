import { addRollupFields, emptyRollup, type Rollup } from '@llm-monitor/contracts/redis';

import { readInstances } from '../apps/instances.ts';
import { countBots } from '../bots/read-bots.ts';
import { readHostStates } from '../hosts/host-state.ts';
import { countActive } from '../requests/read-active.ts';
import { coverRange } from '../rollups/cover-range.ts';
import { addRollup, sumSlices } from '../rollups/merge-rollups.ts';
import { readSlices } from '../rollups/read-rollups.ts';
import { fromEachShard, matchesDemo, readMany, type DemoFilter, type Store } from '../store.ts';
import { readCollecting } from './read-collecting.ts';
import { toStatus, type StatusFigures } from './to-status.ts';

/**
 * @param options.rangeMs counts of the last so many ms; without it all-time
 * @param options.hostName the machine whose system figures are preferred
 */
export async function readStatus(
  store: Store,
  options: { demo: DemoFilter; rangeMs?: number; hostName?: string; nowMs: number },
): Promise<StatusFigures> {
  const { demo, rangeMs, hostName, nowMs } = options;
  const [rollup, active, hosts, collecting, instances, bots] = await Promise.all([
    rangeMs === undefined ? readTotals(store, demo) : readRange(store, { demo, rangeMs, nowMs }),
    countRunning(store, demo),
    readHostStates(store),
    readCollecting(store, nowMs),
    readInstances(store, nowMs),
    countBots(store),
  ]);
  return toStatus({ rollup, active, hosts, instances, collecting, bots, hostName, nowMs });
}

/** All-time counts, which outlive every rollup. */
export async function readTotals(store: Store, demo: DemoFilter): Promise<Rollup> {
  const sums = await fromEachShard(store, async (shard) => {
    const keys = store.keys.shard(shard);
    const wanted = [false, true].filter((isDemo) => matchesDemo(isDemo, demo));
    const hashes = await readMany(
      store.redis,
      wanted.map((isDemo) => ['hgetall', keys.totals(isDemo)] as const),
    );
    const sum = emptyRollup();
    for (const hash of hashes) addRollupFields(sum, hash as Record<string, string>);
    return sum;
  });
  const total = emptyRollup();
  for (const sum of sums) addRollup(total, sum);
  return total;
}

async function readRange(
  store: Store,
  options: { demo: DemoFilter; rangeMs: number; nowMs: number },
): Promise<Rollup> {
  const { buckets } = coverRange(options.nowMs - options.rangeMs, options.nowMs);
  return sumSlices(await readSlices(store, buckets, (of) => matchesDemo(of.demo, options.demo)));
}

/** The active set does not say which calls are demo traffic; where there never was any, its size is the answer. */
async function countRunning(store: Store, demo: DemoFilter): Promise<number> {
  const perShard = await fromEachShard(store, async (shard) => {
    const keys = store.keys.shard(shard);
    return (await readMany(store.redis, [
      ['zcard', keys.active],
      ['exists', keys.totals(true)],
    ])) as [number, number];
  });
  const all = perShard.reduce((sum, [size]) => sum + size, 0);
  const hadDemo = perShard.some(([, exists]) => exists > 0);
  if (all === 0 || demo === 'include') return all;
  if (!hadDemo) return demo === 'only' ? 0 : all;
  return (await countActive(store, demo)).total;
}
