import { expect, test } from 'vitest';

import { isDue } from './is-due.ts';

test('what is done every ten seconds is due after ten, and at once where the clock was set back', () => {
  expect(isDue(1000, -Infinity, 10_000)).toBe(true);
  expect(isDue(10_999, 1000, 10_000)).toBe(false);
  expect(isDue(11_000, 1000, 10_000)).toBe(true);
  expect(isDue(1000, 3_601_000, 10_000)).toBe(true);
});
