import { expect } from 'vitest';

import { addLoads, createLoad, publishLoad, type Load } from '../helpers/load.ts';
import type { FaultBench } from './fault-bench.ts';
import { measure } from './measure.ts';
import { report } from './report.ts';
import { whereaboutsOfMissing } from './whereabouts.ts';

const PER_SECOND = 1200;
/** Calls that are made from one seed, before it is looked whether to go on. */
const CALLS_AT_ONCE = 200;

/** Breaks something while calls go on, and expects every figure to be the truth after. Calls go on until the breaking is done. */
export async function underLoad(
  bench: FaultBench,
  options: {
    fault: string;
    seed: number;
    /** Events a second, two or three a call. */
    perSecond?: number;
  },
  /** Gives what was measured meanwhile. */
  breakIt: () => Promise<string | void>,
): Promise<void> {
  const { fault, seed, perSecond = PER_SECOND } = options;
  const loads: Load[] = [];
  let acked = 0;
  let isOver = false;
  const goOn = async () => {
    do {
      const load = createLoad({ seed: seed * 10_000 + loads.length, calls: CALLS_AT_ONCE });
      loads.push(load);
      acked += (await publishLoad(bench.connection, load.events, { perSecond })).acked;
    } while (!isOver);
  };
  const breaking = breakIt().finally(() => (isOver = true));
  const [seen] = await Promise.all([breaking, goOn()]);
  const load = addLoads(...loads);
  const { differences, summary } = await measure(bench, load);
  if (differences.length > 0) differences.push(...(await whereaboutsOfMissing(bench, load)));
  const measured = [seen, `${acked} events acked by the broker`, summary].filter(Boolean);
  report(fault, measured.join(', '), 'exact', () => expect(differences).toEqual([]));
}
