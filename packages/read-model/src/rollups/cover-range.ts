import { TTL_SECONDS, type Bucket } from '@llm-monitor/contracts/redis';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MINUTES_PER_HOUR = 60;

/**
 * The fewest buckets that cover the time from `fromMs` to now: whole hours, and single minutes before the first of them.
 * Minutes are kept for 48 h; before that the first hour is taken whole.
 * @returns the buckets, oldest first, and where the first one begins
 */
export function coverRange(fromMs: number, nowMs: number): { buckets: Bucket[]; fromMs: number } {
  const firstMinute = Math.floor(fromMs / MINUTE_MS);
  const lastHour = Math.floor(nowMs / HOUR_MS);
  const firstHour = Math.floor(fromMs / HOUR_MS);
  const minutesAreKept = fromMs > nowMs - TTL_SECONDS.minuteRollup * 1000;
  const startsInsideAnHour = firstMinute % MINUTES_PER_HOUR !== 0;
  const buckets: Bucket[] = [];
  let hour = firstHour;
  if (minutesAreKept && startsInsideAnHour) {
    const endMinute = Math.min(
      (firstHour + 1) * MINUTES_PER_HOUR,
      Math.floor(nowMs / MINUTE_MS) + 1,
    );
    for (let minute = firstMinute; minute < endMinute; minute++) buckets.push(`m${minute}`);
    hour++;
  }
  const startMs = buckets.length > 0 ? firstMinute * MINUTE_MS : firstHour * HOUR_MS;
  for (; hour <= lastHour; hour++) buckets.push(`h${hour}`);
  return { buckets, fromMs: startMs };
}

/** Every hour whose rollups are kept, oldest first. */
export function keptHours(nowMs: number): Bucket[] {
  const last = Math.floor(nowMs / HOUR_MS);
  const count = TTL_SECONDS.hourRollup / 3600;
  return Array.from({ length: count + 1 }, (_, i) => `h${last - count + i}` as const);
}
