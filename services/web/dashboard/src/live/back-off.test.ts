import { describe, expect, test } from 'vitest';

import { backOffMs } from './back-off.ts';

describe('the wait before the next try', () => {
  test('grows from one second to thirty', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 60].map((failures) => backOffMs(failures, () => 1));
    expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('lies anywhere below that, so that many browsers do not come back at once', () => {
    expect(backOffMs(5, () => 0)).toBe(0);
    expect(backOffMs(5, () => 0.5)).toBe(15_000);
  });
});
