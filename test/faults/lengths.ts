/** Do faults last as long as they would in life? Else seconds, so that every run of all tests can hold them. */
export const isFull = process.env['FAULTS'] === 'full';

/** Of two lengths the one of this run. */
export function length<T>(lengths: { short: T; full: T }): T {
  return isFull ? lengths.full : lengths.short;
}

/** A while in which a fault lasts: the only wait that is not for a condition. */
export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** `2.5 s`, `10 min` */
export function spell(ms: number): string {
  return ms >= 60_000 ? `${round(ms / 60_000)} min` : `${round(ms / 1000)} s`;
}

const round = (value: number) => Math.round(value * 10) / 10;
