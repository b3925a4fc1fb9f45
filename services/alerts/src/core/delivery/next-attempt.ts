const HOUR_MS = 3_600_000;
/** Nobody is believed who wants to be asked again tomorrow. */
const MAX_RETRY_AFTER_MS = 6 * HOUR_MS;

/** How long and how often a message is tried. */
export interface RetryPolicy {
  /** Before the second attempt, ms; doubled for each further one. */
  firstMs: number;
  maxMs: number;
  maxAttempts: number;
  /** Of the message, ms. */
  maxAgeMs: number;
}

export const RETRY_POLICY: RetryPolicy = {
  firstMs: 5000,
  maxMs: 15 * 60_000,
  maxAttempts: 120,
  maxAgeMs: 24 * HOUR_MS,
};

/**
 * When a message that was not taken is tried again, ms since 1970; undefined: never, it is given up.
 * @param attempt how many there were
 * @param random 0 to 1: half of a delay is chance, so that many messages do not come back at once
 */
export function nextAttemptAt(
  policy: RetryPolicy,
  now: {
    attempt: number;
    sinceMs: number;
    nowMs: number;
    retryAfterMs?: number | undefined;
    random: number;
  },
): number | undefined {
  const { attempt, sinceMs, nowMs, retryAfterMs = 0, random } = now;
  if (attempt >= policy.maxAttempts) return undefined;
  const backOffMs = Math.min(policy.firstMs * 2 ** Math.min(attempt - 1, 30), policy.maxMs);
  const delayMs = backOffMs * (0.5 + random / 2);
  const atMs = nowMs + Math.max(delayMs, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
  return atMs - sinceMs > policy.maxAgeMs ? undefined : Math.round(atMs);
}

/** `Retry-After`: seconds or a date; ms from now, undefined where it says nothing that can be used. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value) * 1000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
