import { describe, expect, test } from 'vitest';

import { coverRange, keptHours } from './cover-range.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOUR = 490_000;
const at = (hours: number, minutes: number) => (HOUR + hours) * HOUR_MS + minutes * MINUTE_MS;

/** The minutes since `HOUR` that buckets cover, each as often as it is covered. */
function minutesOf(buckets: readonly string[]): number[] {
  return buckets
    .flatMap((bucket) => {
      const number = Number(bucket.slice(1));
      if (bucket.startsWith('m')) return [number];
      return Array.from({ length: 60 }, (_, i) => number * 60 + i);
    })
    .map((minute) => minute - HOUR * 60);
}

describe('the buckets of a range', () => {
  test('are minutes alone within one hour', () => {
    const { buckets, fromMs } = coverRange(at(3, 10), at(3, 12));
    expect(buckets.map((bucket) => bucket[0])).toEqual(['m', 'm', 'm']);
    expect(minutesOf(buckets)).toEqual([190, 191, 192]);
    expect(fromMs).toBe(at(3, 10));
  });

  test('cover every minute once, with minutes up to the first whole hour', () => {
    const { buckets } = coverRange(at(0, 50), at(3, 20));
    expect(buckets.length).toBe(10 + 3);
    expect(minutesOf(buckets)).toEqual(Array.from({ length: 190 }, (_, i) => 50 + i));
  });

  test('are hours alone from a whole hour on', () => {
    expect(coverRange(at(0, 0), at(2, 5)).buckets).toEqual([0, 1, 2].map((i) => `h${HOUR + i}`));
  });

  test('end where they are asked to, by minutes behind the last whole hour', () => {
    const { buckets, fromMs, toMs } = coverRange(at(0, 50), at(9, 0), at(3, 20));
    expect(buckets.length).toBe(10 + 2 + 20);
    expect(minutesOf(buckets)).toEqual(Array.from({ length: 150 }, (_, i) => 50 + i));
    expect([fromMs, toMs]).toEqual([at(0, 50), at(3, 20)]);
    const [day] = [coverRange(at(0, 0), at(40, 0), at(23, 0))];
    expect(day.buckets).toEqual(Array.from({ length: 23 }, (_, i) => `h${HOUR + i}`));
  });

  test('take the last hour whole where its minutes are no longer kept', () => {
    const { buckets, toMs } = coverRange(at(0, 0), at(70, 0), at(1, 30));
    expect(buckets).toEqual([`h${HOUR}`, `h${HOUR + 1}`]);
    expect(toMs).toBe(at(2, 0));
  });

  test('take the first hour whole where its minutes are no longer kept', () => {
    const { buckets, fromMs } = coverRange(at(0, 30), at(49, 0));
    expect(buckets[0]).toBe(`h${HOUR}`);
    expect(fromMs).toBe(at(0, 0));
  });
});

test('ninety days of hours end with the present one', () => {
  const hours = keptHours(at(0, 30));
  expect(hours.length).toBe(90 * 24 + 1);
  expect(hours.at(-1)).toBe(`h${HOUR}`);
});
