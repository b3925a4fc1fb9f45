import { expect, test } from 'vitest';

import { bucketBounds, bucketOf, bucketValue, quantile } from './log-buckets.ts';

test('a bucket stands for its values within 2 %', () => {
  for (let value = 1.1; value < 1e7; value *= 1.013) {
    expect(Math.abs(bucketValue(bucketOf(value)) - value) / value).toBeLessThan(0.0201);
  }
});
test('quantiles are within 2 % of the exact ones, and merging changes nothing', () => {
  const values = Array.from({ length: 1001 }, (_, i) => 10 + i * i);
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucketOf(value), (counts.get(bucketOf(value)) ?? 0) + 1);
  for (const q of [0.5, 0.95, 0.99, 1]) {
    const exact = values[Math.ceil(q * 1001) - 1]!;
    expect(Math.abs(quantile(counts, q)! - exact) / exact).toBeLessThan(0.0201);
  }
});
test('a bucket holds what is above its one bound and up to its other', () => {
  expect([0, 0.3, 1].map(bucketOf)).toEqual([0, 0, 0]);
  expect([bucketBounds(0), bucketValue(0)]).toEqual([{ from: 0, to: 1 }, 1]);
  for (const bucket of [1, 2, 50, 200]) {
    const { from, to } = bucketBounds(bucket);
    expect([from * 1.0001, to * 0.9999].map(bucketOf), String(bucket)).toEqual([bucket, bucket]);
    expect(bucketBounds(bucket - 1).to).toBeCloseTo(from, 9);
    expect(bucketValue(bucket)).toBeGreaterThan(from);
    expect(bucketValue(bucket)).toBeLessThan(to);
  }
});
test('a quantile is the same in whatever order buckets were counted', () => {
  const counts = new Map([...[[90, 1] as const, [10, 1] as const, [50, 2] as const]]);
  const quantiles = [0, 0.25, 0.5, 0.75, 1].map((q) => quantile(counts, q));
  expect(quantiles).toEqual([10, 10, 50, 50, 90].map(bucketValue));
  expect(quantile(new Map([[7, 1]]), 0.99)).toBe(bucketValue(7));
});
test.each([
  [2, 0.95, 2],
  [4, 0.5, 2],
  [10, 0.95, 10],
  [10, 0.99, 10],
  // 0.55 of 100 is a little more than 55 in floating point.
  [100, 0.55, 55],
  [100, 0.95, 95],
  [100, 0, 1],
])('of %i values at least the share %f is at or below the quantile', (n, q, rank) => {
  const values = Array.from({ length: n }, (_, i) => 100 * 1.1 ** i);
  const quantileOf = quantile(new Map(values.map((value) => [bucketOf(value), 1])), q);
  expect(quantileOf).toBe(bucketValue(bucketOf(values[rank - 1]!)));
});
test('nothing has no quantile', () => {
  expect(quantile(new Map(), 0.5)).toBeNull();
  // What was taken back is still there as a bucket of none.
  expect(quantile(new Map([[5, 0]]), 0.5)).toBeNull();
});
