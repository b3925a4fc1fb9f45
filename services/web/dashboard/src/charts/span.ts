import type { Zone } from '../format/format.ts';

/** Spans of time up to now, as the address names them. */
export const RANGES = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;
export type Range = (typeof RANGES)[number];

const SECONDS: Readonly<Record<Range, number>> = {
  ...{ '15m': 900, '1h': 3600, '6h': 21_600, '24h': 86_400, '7d': 604_800, '30d': 2_592_000 },
};
const DAY_SECONDS = 86_400;
const POINTS = 180;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * 60);

/** What time a chart shows: up to now, or from one moment to another. */
export type Span =
  | { isLive: true; range: Range; seconds: number }
  | { isLive: false; fromMs: number; toMs: number; seconds: number };

/** What an address says; its times as people write them, too. */
export function spanOf(filter: string, ordinary: Range, nowMs: number): Span {
  const given = new URLSearchParams(filter);
  const fromMs = Date.parse(given.get('from') ?? '');
  const toMs = given.has('to') ? Date.parse(given.get('to') ?? '') : nowMs;
  if (fromMs < toMs) return { isLive: false, fromMs, toMs, seconds: (toMs - fromMs) / 1000 };
  const range = RANGES.find((each) => each === given.get('range')) ?? ordinary;
  return { isLive: true, range, seconds: SECONDS[range] };
}

/** As parameters of the API. `before`: the time of the same length before it as well, in steps of the same length. */
export function spanQuery(span: Span, nowMs: number, before = false): Record<string, string> {
  if (!before) {
    if (span.isLive) return { range: span.range };
    return { from: iso(span.fromMs), to: iso(span.toMs) };
  }
  const { fromMs, toMs } = timesOf(span, nowMs);
  const startMs = fromMs - (toMs - fromMs);
  const shortest = (nowMs - startMs) / 1000 > 2 * DAY_SECONDS ? 3600 : 60;
  const step =
    STEPS.find((each) => each >= Math.max(shortest, span.seconds / POINTS)) ?? DAY_SECONDS;
  return { from: iso(startMs), to: iso(toMs), step: String(step) };
}

/** The time of the same length before a span, as parameters of the API. */
export function spanBefore(span: Span, nowMs: number): Record<string, string> {
  const { fromMs, toMs } = timesOf(span, nowMs);
  return { from: iso(fromMs - (toMs - fromMs)), to: iso(fromMs) };
}

function timesOf(span: Span, nowMs: number): { fromMs: number; toMs: number } {
  if (!span.isLive) return span;
  return { fromMs: nowMs - span.seconds * 1000, toMs: nowMs };
}

/** From midnight to midnight, of as many hours as that day has. `daysAgo`: 0 is today. */
export function dayOf(nowMs: number, daysAgo: number, zone: Zone): { from: string; to: string } {
  const now = new Date(nowMs);
  const midnight = (ago: number) =>
    zone === 'utc'
      ? Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - ago)
      : new Date(now.getFullYear(), now.getMonth(), now.getDate() - ago).getTime();
  return { from: iso(midnight(daysAgo)), to: iso(midnight(daysAgo - 1)) };
}

const iso = (ms: number) => new Date(Math.round(ms)).toISOString();
