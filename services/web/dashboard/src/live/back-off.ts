export const FIRST_DELAY_MS = 1000;
export const LONGEST_DELAY_MS = 30_000;

/** How long to wait before the next try: full jitter below 1, 2, 4 … 30 s, so that many browsers do not come back at once. */
export function backOffMs(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures));
  return Math.round(random() * ceiling);
}
