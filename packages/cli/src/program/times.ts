import { InvalidArgumentError } from 'commander';

const UNIT_MS: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const FORM = 'It may be 90s, 15m, 6h, 7d or 2w';

/** A time back from now, such as `15m`, in milliseconds. */
export function parseAgo(text: string): number | undefined {
  const match = /^([1-9]\d{0,6})([smhdw])$/.exec(text.trim());
  return match ? Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? Number.NaN) : undefined;
}

export function readRange(text: string): number {
  const agoMs = parseAgo(text);
  if (agoMs === undefined) throw new InvalidArgumentError(`${FORM}.`);
  return agoMs;
}

/** A moment: so long ago, or a date or time, of this machine's zone where it names none. */
export function readMoment(text: string): Date {
  const agoMs = parseAgo(text);
  if (agoMs !== undefined) return new Date(Date.now() - agoMs);
  const [day] = /^\d{4}-\d\d-\d\d/.exec(text) ?? [];
  const moment = new Date(text === day ? `${text}T00:00` : text);
  if (day && isDay(day) && !Number.isNaN(moment.getTime())) return moment;
  throw new InvalidArgumentError(
    `${FORM} ago, or a time such as 2026-05-01 or 2026-05-01T10:00 (or …Z).`,
  );
}

/** Is there such a day? `Date` takes 31 February for 3 March. */
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
