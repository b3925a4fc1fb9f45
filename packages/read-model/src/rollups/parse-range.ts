const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const MAX_RANGE_MS = 90 * UNIT_MS.d;

/** What a range looks like, for messages. */
export const RANGE_FORM = 'a number and m, h or d, from 1m to 90d (for example 15m, 6h or 7d)';

/** `15m`, `6h`, `7d` in milliseconds; undefined when it is something else, or longer than 90 days. */
export function parseRange(text: string): number | undefined {
  const match = /^([1-9]\d{0,6})([mhd])$/.exec(text);
  if (!match) return undefined;
  const rangeMs = Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
  return rangeMs <= MAX_RANGE_MS ? rangeMs : undefined;
}
