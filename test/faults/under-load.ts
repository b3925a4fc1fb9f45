import { expect } from 'vitest';

import { createLoad, publishLoad } from '../helpers/load.ts';
import type { FaultBench } from './fault-bench.ts';
import { isFull } from './lengths.ts';
import { measure } from './measure.ts';
import { report } from './report.ts';

const PER_SECOND = 1200;

/** Breaks something while calls go on, and expects every figure to be the truth after. */
export async function underLoad(
  bench: FaultBench,
  options: {
    fault: string;
    seed: number;
    /** Events a second, two or three a call, and for how long. */
    perSecond?: number;
    seconds?: number;
  },
  /** Gives what was measured meanwhile. */
  breakIt: () => Promise<string | void>,
): Promise<void> {
  const { fault, seed, perSecond = PER_SECOND, seconds = isFull ? 20 : 3 } = options;
  const calls = Math.round((perSecond * seconds) / 2.75);
  const load = createLoad({ seed, calls });
  const publishing = publishLoad(bench.connection, load.events, { perSecond });
  const [{ acked }, seen] = await Promise.all([publishing, breakIt()]);
  const { differences, summary } = await measure(bench, load);
  const measured = [seen, `${acked} events acked by the broker`, summary].filter(Boolean);
  report(fault, measured.join(', '), 'exact', () => expect(differences).toEqual([]));
}
