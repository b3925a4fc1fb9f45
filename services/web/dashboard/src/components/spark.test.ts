import { expect, test } from 'vitest';

import { sparkPath } from './spark.tsx';

test('a line goes from 0 to the highest, and ends at the right', () => {
  expect(sparkPath([0, 10, 5], 3)).toBe('M0.0 15.0L30.0 1.0L60.0 8.0');
  expect(sparkPath([10], 3)).toBe('M60.0 1.0');
});

test('no line crosses a gap, and there is none of nothing', () => {
  expect(sparkPath([10, null, 10], 3)).toBe('M0.0 1.0M60.0 1.0');
  expect(sparkPath([], 3)).toBe('');
});
