import { expect, test } from 'vitest';

import { parseTime } from './parse-time.ts';

test.each([
  ['2026-11-28T22:32:18.007Z'],
  ['2026-11-28T00:00:00.000Z'],
  ['2026-11-28T23:59:59.999Z'],
  ['2024-02-29T12:00:00.500Z'],
  ['2025-02-29T12:00:00.500Z'],
  ['2026-13-01T12:00:00.500Z'],
  ['2026-11-28T24:00:00.000Z'],
  ['2026-11-28T12:60:00.000Z'],
  ['2026-11-28T12:00:6x.000Z'],
  ['2026-11-28T12:00:00.0-1Z'],
  ['2026-11-28T12:00:00Z'],
  ['2026-11-28T12:00:00.123456789Z'],
  ['2026-11-28T12:00:00.000+02:00'],
  ['2026-11-28 12:00:00.000Z'],
  ['yesterday, or the day be'],
  [''],
])('%j is the time that Date.parse says, whatever was read before', (text) => {
  expect(parseTime(text)).toBe(Date.parse(text));
  parseTime('2026-11-28T22:32:18.007Z');
  expect(parseTime(text)).toBe(Date.parse(text));
});
