import { describe, expect, test } from 'vitest';

import { nextAttemptAt, parseRetryAfter, RETRY_POLICY } from './next-attempt.ts';

const at = (
  attempt: number,
  more: { retryAfterMs?: number; random?: number; nowMs?: number; sinceMs?: number } = {},
) => nextAttemptAt(RETRY_POLICY, { attempt, sinceMs: 0, nowMs: 0, random: 1, ...more });

describe('the next attempt', () => {
  test('comes after twice the time, up to a quarter of an hour', () => {
    expect([1, 2, 3, 4].map((attempt) => at(attempt))).toEqual([5000, 10_000, 20_000, 40_000]);
    expect(at(9)).toBe(15 * 60_000);
    expect(at(119)).toBe(15 * 60_000);
  });

  test('is moved by chance, by up to half of that time', () => {
    expect(at(3, { random: 0 })).toBe(10_000);
    expect(at(3, { random: 0.5 })).toBe(15_000);
  });

  test('waits as long as the other side asks for, within reason', () => {
    expect(at(1, { retryAfterMs: 90_000 })).toBe(90_000);
    expect(at(1, { retryAfterMs: 1000 })).toBe(5000);
    expect(at(1, { retryAfterMs: 1e12 })).toBe(6 * 3_600_000);
  });

  test('does not come after so many, or for a message that is a day old', () => {
    expect(at(120)).toBeUndefined();
    expect(at(20, { nowMs: 24 * 3_600_000 - 1000 })).toBeUndefined();
    expect(at(20, { nowMs: 23 * 3_600_000 })).toBeDefined();
    // Its age counts, not what the clock says.
    const nowMs = 1_000 * 24 * 3_600_000;
    expect(at(1, { nowMs, sinceMs: nowMs - 60_000 })).toBe(nowMs + 5000);
    expect(at(1, { nowMs, sinceMs: nowMs - 25 * 3_600_000 })).toBeUndefined();
  });
});

test.each([
  ['30', 30_000],
  ['1.5', 1500],
  [' 7 ', 7000],
  ['Thu, 01 Jan 1970 00:01:40 GMT', 90_000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %o means %o ms', (value, expected) => {
  expect(parseRetryAfter(value, 10_000)).toBe(expected);
});
