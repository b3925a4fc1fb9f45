const SAMPLES = 5;
/** A message can only come late, never early: one that says so much more was written by another clock, or after this machine slept. */
const AHEAD_MS = 1000;

/** The server's clock, told from what its messages said and when they came. */
export interface ServerClock {
  /** ms since 1970 by the server's clock, or null before the first message */
  now(): number | null;
  heard(serverTime: number): void;
  /** how far this machine's wall clock is ahead of the server's, ms */
  skewMs(wallClockMs: number): number;
}

/**
 * `monotonicMs` must never jump (`performance.now`): then a changed wall clock moves nothing. The median of the last five offsets
 * leaves out the message that waited in a busy tab.
 */
export function createServerClock(monotonicMs: () => number): ServerClock {
  let offsets: number[] = [];
  const now = () => {
    const offset = median(offsets);
    return offset === null ? null : monotonicMs() + offset;
  };
  return {
    now,
    heard(serverTime) {
      const offset = serverTime - monotonicMs();
      if (offset - (median(offsets) ?? offset) > AHEAD_MS) offsets = [];
      offsets = [...offsets, offset].slice(-SAMPLES);
    },
    skewMs(wallClockMs) {
      const serverMs = now();
      return serverMs === null ? 0 : wallClockMs - serverMs;
    },
  };
}

export function median(values: readonly number[]): number | null {
  const ordered = [...values].sort((a, b) => a - b);
  const upper = ordered[Math.floor(ordered.length / 2)];
  const lower = ordered[Math.ceil(ordered.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
