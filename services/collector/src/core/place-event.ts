/** An event may wait in its producer's buffer for this long; a longer wait is a broken clock. */
const MAX_BUFFERED_MS = 72 * 3600 * 1000;

/**
 * When an event happened, on the broker's clock: when the broker got it, less the time that it waited before it was sent.
 * Both ends of that wait are read from the producer's clock, so a clock that is wrong moves nothing.
 * @returns whole ms since 1970
 */
export function placeEvent(times: {
  timeMs: number;
  sentAtMs: number | undefined;
  brokerTimeMs: number;
}): number {
  const { timeMs, sentAtMs, brokerTimeMs } = times;
  if (sentAtMs === undefined || Number.isNaN(sentAtMs)) return brokerTimeMs;
  const waitedMs = sentAtMs - timeMs;
  return waitedMs > 0 && waitedMs <= MAX_BUFFERED_MS
    ? Math.round(brokerTimeMs - waitedMs)
    : brokerTimeMs;
}
