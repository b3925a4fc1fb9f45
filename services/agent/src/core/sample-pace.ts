import { WATCHED_FOR_MS } from '@llm-monitor/contracts/bus';

/** Why a sample may be wanted soon. */
export interface Interest {
  /** When somebody was last said to look at a dashboard; undefined when never. */
  watchedAtMs: number | undefined;
  runningCalls: number;
  /** Something must be looked at again to be sure of it. */
  isSuspicious: boolean;
}

/** How long until the next sample: often while somebody looks or calls run, else seldom. */
export function sampleInterval(
  interest: Interest,
  intervals: { fastMs: number; idleMs: number },
  nowMs: number,
): number {
  const { watchedAtMs, runningCalls, isSuspicious } = interest;
  const isWatched = watchedAtMs !== undefined && nowMs - watchedAtMs < WATCHED_FOR_MS;
  const isWanted = isWatched || runningCalls > 0 || isSuspicious;
  return isWanted ? intervals.fastMs : Math.max(intervals.fastMs, intervals.idleMs);
}
