import { expect, test } from 'vitest';

import { parseRange } from './parse-range.ts';

test.each([
  ['15m', 900_000],
  ['6h', 21_600_000],
  ['7d', 604_800_000],
  ['90d', 7_776_000_000],
  ['2160h', 7_776_000_000],
])('%s is %i ms', (text, ms) => {
  expect(parseRange(text)).toBe(ms);
});

test.each(['', '15', 'm', '0m', '-5m', '1.5h', '91d', '15 m', '15M', '1w', '99999999m'])(
  '"%s" is no range',
  (text) => {
    expect(parseRange(text)).toBeUndefined();
  },
);
