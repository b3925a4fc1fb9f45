import { bucketBounds } from '@llm-monitor/contracts/stats';
import { expect, test } from 'vitest';

import { toBars } from './duration-histogram.tsx';

const bucket = (index: number, count: number) => {
  const { from, to } = bucketBounds(index);
  return { from: from / 1000, to: to / 1000, count };
};

test('there is a bar for every length from the shortest to the longest, empty ones too', () => {
  const bars = toBars([bucket(100, 3), bucket(103, 1)]);
  expect(bars.map(({ count }) => count)).toEqual([3, 0, 0, 1]);
  expect(bars[3]?.to).toBeCloseTo(bucketBounds(103).to / 1000, 9);
});

test('many lengths share bars, and no call is lost', () => {
  const durations = Array.from({ length: 300 }, (_, i) => bucket(i, i % 7));
  const bars = toBars(durations);
  const sum = (of: readonly { count: number }[]) =>
    of.reduce((total, { count }) => total + count, 0);
  expect(bars.length).toBeLessThanOrEqual(40);
  expect(sum(bars)).toBe(sum(durations));
});

test('nothing completed has no bars', () => {
  expect(toBars([])).toEqual([]);
});
