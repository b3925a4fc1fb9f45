import { parseRange, RANGE_FORM, type DemoFilter } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { badParameter, ProblemError } from '../problem.ts';

/** `demo` of every route that counts or lists calls. */
export const demoParameter = Type.Optional(
  Type.Enum(['true', 'false', 'only'], {
    description: 'true, false or only: with demo traffic, without it (the default), or it alone',
  }),
);
export type DemoParameter = 'true' | 'false' | 'only' | undefined;

export function toDemoFilter(demo: DemoParameter): DemoFilter {
  if (demo === 'true') return 'include';
  return demo === 'only' ? 'only' : false;
}

export const rangeParameter = Type.Optional(
  Type.String({ pattern: '^[1-9][0-9]*[mhd]$', description: `${RANGE_FORM}: the time up to now` }),
);

/** @throws a 400 that names the accepted form */
export function toRangeMs(range: string): number {
  const rangeMs = parseRange(range);
  if (rangeMs === undefined) throw badParameter('range', range, RANGE_FORM);
  return rangeMs;
}

const TIME_FORM =
  'an ISO 8601 time with its zone, or a date in UTC (for example 2026-05-01T10:00:00Z or 2026-05-01)';
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

export const timeParameter = (meaning: string) =>
  Type.Optional(Type.String({ description: `${TIME_FORM}: ${meaning}` }));

/** ms since 1970. @throws a 400 that names the accepted form */
export function toTimeMs(name: string, text: string): number {
  const ms = TIME.test(text) && isDay(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw badParameter(name, text, TIME_FORM);
  return ms;
}

/** Is the date at its beginning one? `Date` takes 31 February for 3 March. */
function isDay(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

export const nameParameter = (description: string) =>
  Type.Optional(Type.String({ maxLength: 256, description }));

/** @throws a 400 where times are the wrong way round */
export function checkOrder(fromMs: number | undefined, toMs: number | undefined): void {
  if (fromMs === undefined || toMs === undefined || fromMs < toMs) return;
  const way = fromMs === toMs ? 'Take a later "to".' : 'Exchange them.';
  throw new ProblemError(400, 'Bad parameter', `"from" must be before "to". ${way}`);
}

/** Parameters of a time from one moment to another, or of one up to now. */
export const spanParameters = {
  range: rangeParameter,
  from: timeParameter('the beginning, instead of `range`'),
  to: timeParameter('the end, beside `from`; by default now'),
} as const;

/** A time to look at, ms since 1970, and its name if it was asked for by one. */
export interface Span {
  name?: string;
  fromMs: number;
  toMs: number;
}

/** What was asked for, if anything was. @throws a 400 that says what to ask instead */
export function toSpan(
  asked: { range?: string; from?: string; to?: string },
  nowMs: number,
): Span | undefined {
  const { range } = asked;
  const fromMs = asked.from === undefined ? undefined : toTimeMs('from', asked.from);
  const toMs = asked.to === undefined ? undefined : toTimeMs('to', asked.to);
  if (range !== undefined && (fromMs !== undefined || toMs !== undefined)) {
    throw new ProblemError(400, 'Bad parameter', 'Give either "range", or "from" and "to".');
  }
  if (range !== undefined) return { name: range, fromMs: nowMs - toRangeMs(range), toMs: nowMs };
  if (fromMs === undefined) {
    if (toMs === undefined) return undefined;
    throw new ProblemError(400, 'Missing parameter', 'Beside "to", say "from" when.');
  }
  if (fromMs >= nowMs) throw new ProblemError(400, 'Bad parameter', '"from" must be in the past.');
  checkOrder(fromMs, toMs);
  return { fromMs, toMs: Math.min(toMs ?? nowMs, nowMs) };
}
