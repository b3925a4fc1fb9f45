import type { Counts, Rollup } from '@llm-monitor/contracts/redis';

/**
 * How many calls ran at the end of each step, told from how many run now: what was started since did not run then, and what
 * ended since did.
 * @param steps counts of each step, oldest first
 * @param since counts from the end of the last step until now
 */
export function runningValues(
  runningNow: number,
  steps: readonly (Rollup | undefined)[],
  since: Rollup | undefined,
): number[] {
  const values: number[] = [];
  let running = runningNow - growth(since?.counts);
  for (const step of steps.toReversed()) {
    values.push(Math.max(0, running));
    running -= growth(step?.counts);
  }
  return values.reverse();
}

function growth(counts: Counts | undefined): number {
  if (!counts) return 0;
  return counts.started - counts.completed - counts.failed - counts.cancelled;
}
