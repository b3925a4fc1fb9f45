import type { Reading, Subject } from './reading.ts';

/** What a counter of one subject says now. */
export interface Count {
  /** Names the counter: one process, one stream. */
  name: string;
  of: Subject;
  count: number;
}

/** How much counters grew and when, as it is remembered from one evaluation to the next. */
export interface Growth {
  /** By name, what each counter said last. */
  last: Record<string, number>;
  /** Start of a span, ms since 1970; whom it is of; by how much. Oldest first. */
  grown: [atMs: number, of: Subject, by: number][];
}

/** Growth within so long is kept as one. */
const SPAN_MS = 10_000;
/** The longest window of a rule. */
const REMEMBERED_MS = 86_400_000;
const MAX_SPANS = 2000;
const MAX_COUNTERS = 2000;

/**
 * What counters grew by since the last look. At the very first look nobody can tell when it came, so that it counts as old; a counter
 * that is new later has grown by all it says. One that says less than before counts from there.
 */
export function addGrowth(
  before: Growth | undefined,
  counts: readonly Count[],
  nowMs: number,
): Growth {
  // In the order in which they were last heard of: who was silent for a while has not grown by all it says.
  const last = new Map(Object.entries(before?.last ?? {}));
  const spanMs = Math.floor(nowMs / SPAN_MS) * SPAN_MS;
  const grown = (before?.grown ?? []).filter(([atMs]) => nowMs - atMs <= REMEMBERED_MS);
  for (const { name, of, count } of counts) {
    const by = before ? count - (last.get(name) ?? 0) : 0;
    last.delete(name);
    last.set(name, count);
    if (by <= 0) continue;
    const at = grown.findIndex(([atMs, whose]) => atMs === spanMs && isSame(whose, of));
    const same = grown[at];
    if (same) grown[at] = [spanMs, of, same[2] + by];
    else grown.push([spanMs, of, by]);
  }
  return {
    last: Object.fromEntries([...last].slice(-MAX_COUNTERS)),
    grown: grown.slice(-MAX_SPANS),
  };
}

/** What each subject's counters grew by within the window. */
export function growthWithin(growth: Growth, windowMs: number, nowMs: number): Reading[] {
  const sums = new Map<string, { of: Subject; value: number }>();
  for (const [atMs, of, by] of growth.grown) {
    if (atMs + SPAN_MS <= nowMs - windowMs) continue;
    const key = JSON.stringify(of);
    const sum = sums.get(key) ?? { of, value: 0 };
    sums.set(key, sum);
    sum.value += by;
  }
  return [...sums.values()];
}

const isSame = (a: Subject, b: Subject): boolean => JSON.stringify(a) === JSON.stringify(b);
