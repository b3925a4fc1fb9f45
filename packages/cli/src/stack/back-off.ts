const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;
/** Who ran this long was well; the count starts again. */
const WELL_AFTER_MS = 30_000;

/** How often in a row a part has died, after it died now having run for `ranMs`. */
export function countFailures(before: number, ranMs: number): number {
  return ranMs >= WELL_AFTER_MS ? 1 : before + 1;
}

/** How long to wait before the next start: doubled each time, bounded. */
export function restartDelayMs(failures: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), MAX_DELAY_MS);
}
