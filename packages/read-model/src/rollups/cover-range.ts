import { TTL_SECONDS, type Bucket } from '@llm-monitor/contracts/redis';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const floor = (ms: number, unitMs: number) => Math.floor(ms / unitMs) * unitMs;
const ceil = (ms: number, unitMs: number) => Math.ceil(ms / unitMs) * unitMs;

/**
 * The fewest buckets that cover the time from `fromMs` to `toMs`, by default to now: whole hours, and single minutes before the
 * first and after the last of them. Minutes are kept for 48 h; before that hours at the edges are taken whole.
 * @returns the buckets, oldest first, and where the first one begins and the last one ends
 */
export function coverRange(
  fromMs: number,
  nowMs: number,
  toMs: number = nowMs,
): { buckets: Bucket[]; fromMs: number; toMs: number } {
  const unitAt = (ms: number) =>
    ms > nowMs - TTL_SECONDS.minuteRollup * 1000 ? MINUTE_MS : HOUR_MS;
  const startMs = floor(fromMs, unitAt(fromMs));
  // Nothing is after now: an hour that is not over is read as a whole.
  const isWithinHour = floor(startMs, HOUR_MS) === floor(toMs, HOUR_MS) && startMs % HOUR_MS !== 0;
  const endUnitMs = toMs >= nowMs && !isWithinHour ? HOUR_MS : unitAt(floor(toMs, HOUR_MS));
  // The minute of the present moment counts, too.
  const endMs = ceil(toMs >= nowMs ? nowMs + 1 : toMs, endUnitMs);
  const buckets: Bucket[] = [];
  let at = startMs;
  while (at < endMs) {
    const isHour = at % HOUR_MS === 0 && at + HOUR_MS <= endMs;
    buckets.push(isHour ? `h${at / HOUR_MS}` : `m${at / MINUTE_MS}`);
    at += isHour ? HOUR_MS : MINUTE_MS;
  }
  return { buckets, fromMs: startMs, toMs: at };
}

/** Every hour whose rollups are kept, oldest first. */
export function keptHours(nowMs: number): Bucket[] {
  const last = Math.floor(nowMs / HOUR_MS);
  const count = TTL_SECONDS.hourRollup / 3600;
  return Array.from({ length: count + 1 }, (_, i) => `h${last - count + i}` as const);
}
