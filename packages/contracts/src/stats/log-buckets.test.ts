import { expect, test } from 'vitest';

import { bucketOf, bucketValue, quantile } from './log-buckets.ts';

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
    const exact = values[Math.floor(q * 1000)]!;
    expect(Math.abs(quantile(counts, q)! - exact) / exact).toBeLessThan(0.0201);
  }
});
test('nothing has no quantile', () => {
  expect(quantile(new Map(), 0.5)).toBeNull();
});
