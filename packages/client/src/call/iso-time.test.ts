import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isoTime } from './iso-time.ts';

test('a time is written as Date writes it, also right after another one', () => {
  const whole = fc.integer({ min: 0, max: 4_102_444_800_000 });
  fc.assert(
    fc.property(whole, fc.array(fc.double({ min: 0, max: 2500, noNaN: true })), (from, steps) => {
      for (const step of [0, ...steps]) {
        const atMs = from + step;
        expect(isoTime(atMs)).toBe(new Date(atMs).toISOString());
      }
    }),
    { seed: 1 },
  );
});

test('what is no time is refused, before and after one that is', () => {
  expect(() => isoTime(NaN)).toThrow(RangeError);
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(() => isoTime(Infinity)).toThrow(RangeError);
  expect(isoTime(1)).toBe('1970-01-01T00:00:00.001Z');
});
