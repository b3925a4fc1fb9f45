const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
/** A collector that asks for more patience than this may have its clock wrong. */
const LONGEST_ASKED_MS = 600_000;

/**
 * How long to wait after so many failures in a row: what the collector asks for, else twice as long each time, with jitter.
 * @param random from 0 to 1
 */
export function retryDelayMs(
  failures: number,
  askedMs: number | undefined,
  random: number,
): number {
  if (askedMs !== undefined && askedMs > 0) return Math.min(askedMs, LONGEST_ASKED_MS);
  const longest = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 10), LONGEST_MS);
  return Math.round(longest * (0.5 + random / 2));
}
