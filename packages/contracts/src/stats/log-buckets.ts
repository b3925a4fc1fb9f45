/**
 * DDSketch buckets: any set of them merges exactly, and a quantile read from them is within 2 % of the true value.
 * Source: Masson, Rim, Lee, "DDSketch" (VLDB 2019), γ = (1 + α) / (1 − α) with α = 0.02.
 */
export const GAMMA = 1.0408;
const LOG_GAMMA = Math.log(GAMMA);

/** The bucket of a value in milliseconds; everything up to 1 ms is bucket 0. */
export function bucketOf(valueMs: number): number {
  return valueMs <= 1 ? 0 : Math.ceil(Math.log(valueMs) / LOG_GAMMA);
}

/** The value in milliseconds that stands for a bucket: within 2 % of everything in it (bucket 0: at most 1 ms). */
export function bucketValue(bucket: number): number {
  return bucket === 0 ? 1 : (2 * GAMMA ** bucket) / (GAMMA + 1);
}

/** What a bucket holds, in milliseconds: above `from`, up to `to`. */
export function bucketBounds(bucket: number): { from: number; to: number } {
  return bucket === 0 ? { from: 0, to: 1 } : { from: GAMMA ** (bucket - 1), to: GAMMA ** bucket };
}

/** What a share of a whole number may be too much by in floating point: 0.55 · 100 is 55.00000000000001. */
const ROUNDING = 1e-9;

/**
 * The `q` quantile (0–1) in milliseconds of bucket → count, or null when it is empty: by nearest rank, the least value that at least the
 * share `q` of all does not exceed. So the 95th percentile of two calls is the longer one.
 */
export function quantile(counts: ReadonlyMap<number, number>, q: number): number | null {
  let total = 0;
  for (const n of counts.values()) total += n;
  if (total <= 0) return null;
  const rank = Math.max(1, Math.ceil(q * total * (1 - ROUNDING)));
  let seen = 0;
  const ordered = [...counts].sort((a, b) => a[0] - b[0]);
  for (const [bucket, n] of ordered) {
    seen += n;
    if (seen >= rank) return bucketValue(bucket);
  }
  return null;
}
