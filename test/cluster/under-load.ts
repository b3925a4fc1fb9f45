import { expect } from 'vitest';

import { pause, spell } from '../faults/lengths.ts';
import { measure, type Measured } from '../faults/measure.ts';
import { report } from '../faults/report.ts';
import { createLoad, publishLoad, type Load } from '../helpers/load.ts';
import { waitFor } from '../helpers/wait-for.ts';
import type { ClusterBench, Part } from './cluster-bench.ts';

const SECONDS = 10;
const PER_SECOND = 800;
const EVENTS_PER_CALL = 2.75;
/** Elections and failovers take seconds, on a loaded machine more. */
export const PATIENCE = { timeoutMs: 60_000, everyMs: 50 };

/** Breaks something while calls go on, and expects every figure to be the truth after. */
export async function underLoad(
  bench: ClusterBench,
  fault: string,
  seed: number,
  breakIt: () => Promise<string>,
): Promise<void> {
  const { measured, acked, seen } = await breakUnderLoad(bench, seed, breakIt);
  const what = `${seen}, ${acked} events acked by the broker, ${measured.summary}`;
  report(fault, what, 'exact', () => expect(measured.differences).toEqual([]));
}

/** The same without a verdict. */
export async function breakUnderLoad(
  bench: ClusterBench,
  seed: number,
  breakIt: () => Promise<string>,
): Promise<{ load: Load; measured: Measured; acked: number; seen: string }> {
  const calls = Math.round((PER_SECOND * SECONDS) / EVENTS_PER_CALL);
  const load = createLoad({ seed, calls });
  const publishing = publishLoad(bench.connection, load.events, { perSecond: PER_SECOND });
  const still = watchStandstill(bench);
  const [{ acked }, seen] = await Promise.all([publishing, breakIt()]);
  const measured = await measure(bench, load);
  const longest = spell(still.stop());
  return { load, measured, acked, seen: `${seen}, nothing collected for ${longest} at most` };
}

/** How long nothing was collected at most, until collecting went on. */
function watchStandstill(bench: ClusterBench): { stop(): number } {
  let longestMs = 0;
  let floor = -1;
  let movedAtMs = performance.now();
  let isStopped = false;
  void (async () => {
    while (!isStopped) {
      const info = await bench.consumer().catch(() => undefined);
      if (info && info.ack_floor.stream_seq !== floor) {
        longestMs = Math.max(longestMs, performance.now() - movedAtMs);
        floor = info.ack_floor.stream_seq;
        movedAtMs = performance.now();
      }
      await pause(50);
    }
  })();
  return {
    stop() {
      isStopped = true;
      return longestMs;
    },
  };
}

/** How long something took, from now on. */
export function stopwatch(): () => string {
  const startedAt = performance.now();
  return () => spell(performance.now() - startedAt);
}

/** Kills the primary of a shard, and waits until its replica has taken over. */
export async function failOver(
  bench: ClusterBench,
  shard: number,
): Promise<{ killed: Part; took: string }> {
  const killed = await bench.primaryOf(shard);
  if (!killed) throw new Error(`shard ${shard} has no primary`);
  bench.kill(killed);
  const took = stopwatch();
  const isReplaced = async () => {
    const now = await bench.primaryOf(shard, killed);
    return now !== undefined && now.name !== killed.name;
  };
  await waitFor('the replica to take over', isReplaced, PATIENCE);
  return { killed, took: took() };
}
