const MAX_KEYS = 20_000;

/** Bounds how often each key may do something, on average, with room for bursts. */
export interface RateLimiter {
  /** Counts one. 0 when it may be done, else ms until the next one may. */
  take(key: string): number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * A token bucket for each key; memory is bounded.
 * @param options.perSecond 0 allows everything
 */
export function createRateLimiter(options: {
  perSecond: number;
  burst: number;
  /** monotonic ms */
  now(): number;
}): RateLimiter {
  const { perSecond, burst, now } = options;
  if (perSecond === 0) return { take: () => 0 };
  const buckets = new Map<string, Bucket>();
  return {
    take(key) {
      const nowMs = now();
      let bucket = buckets.get(key);
      if (!bucket) {
        bucket = { tokens: burst, atMs: nowMs };
        buckets.set(key, bucket);
        forgetOldest(buckets);
      }
      const refill = ((nowMs - bucket.atMs) / 1000) * perSecond;
      bucket.tokens = Math.min(burst, bucket.tokens + refill);
      bucket.atMs = nowMs;
      if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000);
      bucket.tokens -= 1;
      return 0;
    },
  };
}

/** The one that came first; where it still asks, it begins with a full bucket. */
function forgetOldest(buckets: Map<string, Bucket>): void {
  if (buckets.size <= MAX_KEYS) return;
  for (const key of buckets.keys()) {
    buckets.delete(key);
    return;
  }
}

/** What counts as one address: who has an IPv6 address has a whole network of them. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const first = head.split(':').filter(Boolean);
  const last = tail.split(':').filter(Boolean);
  const missing = address.includes('::') ? Math.max(0, 8 - first.length - last.length) : 0;
  return [...first, ...Array<string>(missing).fill('0'), ...last].slice(0, 4).join(':');
}
