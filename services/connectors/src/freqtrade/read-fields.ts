/** An object from outside. */
export type Fields = Readonly<Record<string, unknown>>;

const MOST = 1e15;
/** Python's words for nothing, as a webhook's template writes them. */
const NOTHING = new Set(['', 'None', 'nan', 'NaN', 'null']);

/** A finite number within bounds, also when it stands in a text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && !NOTHING.has(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return Math.abs(number) <= MOST ? number : undefined;
}

export function intOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number === undefined || Math.abs(number) > 1e9 ? undefined : Math.round(number);
}

/** A text that says something, cut to what an event may hold; numbers are written out. */
export function textOf(value: unknown, longest = 128): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string' || NOTHING.has(value)) return undefined;
  return value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
}

const LATEST_MS = Date.parse('9999-12-31T00:00:00Z');

/** RFC 3339, from ms since 1970 or from `2024-05-01 10:00:00[.123456][+00:00]`, which is UTC where it says nothing. */
export function timeOf(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? parseDate(value) : value;
  if (typeof ms !== 'number' || !(ms > 0) || ms > LATEST_MS) return undefined;
  return new Date(ms).toISOString();
}

const DATE = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,3})?\d*(Z|[+-]\d\d:?\d\d)?$/;

function parseDate(text: string): number {
  const [, day, clock, fraction = '', zone = 'Z'] = DATE.exec(text.trim()) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${clock}${fraction}${zone}`);
}
