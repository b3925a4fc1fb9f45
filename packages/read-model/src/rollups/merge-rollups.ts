import { emptyRollup, type Counts, type Rollup } from '@llm-monitor/contracts/redis';

import type { Slice } from './read-rollups.ts';

/** Adds one rollup to another. Sums add up, histograms merge exactly, the last use is the later one. */
export function addRollup(into: Rollup, from: Rollup): void {
  for (const name of Object.keys(into.counts) as (keyof Counts)[]) {
    into.counts[name] += from.counts[name];
  }
  addHistogram(into.durations, from.durations);
  addHistogram(into.firstTokens, from.firstTokens);
  into.lastUsedMs = Math.max(into.lastUsedMs, from.lastUsedMs);
}

function addHistogram(into: Map<number, number>, from: ReadonlyMap<number, number>): void {
  for (const [bucket, count] of from) into.set(bucket, (into.get(bucket) ?? 0) + count);
}

export function sumSlices(slices: readonly Slice[]): Rollup {
  const sum = emptyRollup();
  for (const { rollup } of slices) addRollup(sum, rollup);
  return sum;
}

/** One rollup for each value of a dimension. */
export function sumBy(
  slices: readonly Slice[],
  dimension: 'model' | 'app' | 'host',
): Map<string, Rollup> {
  const sums = new Map<string, Rollup>();
  for (const { of, rollup } of slices) {
    const into = sums.get(of[dimension]) ?? emptyRollup();
    sums.set(of[dimension], into);
    addRollup(into, rollup);
  }
  return sums;
}
