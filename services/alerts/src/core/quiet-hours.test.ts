import { describe, expect, test } from 'vitest';

import { aRule } from './a-rule.ts';
import { isQuiet, isQuietFor } from './quiet-hours.ts';

const at = (iso: string) => Date.parse(iso);

describe('quiet hours', () => {
  test('hold by the clock of their zone, over midnight too; their end is no part of them', () => {
    const night = { from: '22:00', to: '07:00', timeZone: 'Europe/Rome' };
    const quiet = (iso: string) => isQuiet(night, at(iso));
    expect([quiet('2026-01-15T20:59:00Z'), quiet('2026-01-15T21:00:00Z')]).toEqual([false, true]);
    expect([quiet('2026-01-16T05:59:00Z'), quiet('2026-01-16T06:00:00Z')]).toEqual([true, false]);
    const noon = { from: '12:00', to: '13:00', timeZone: 'UTC' };
    expect(isQuiet(noon, at('2026-01-15T12:30:00Z'))).toBe(true);
    expect(isQuiet(noon, at('2026-01-15T13:00:00Z'))).toBe(false);
  });

  test('from and to the same time are the whole day, and hold for no critical rule', () => {
    const quietHours = { from: '08:00', to: '08:00', timeZone: 'UTC' };
    for (const iso of ['2026-01-15T07:59:00Z', '2026-01-15T08:00:00Z']) {
      expect(isQuietFor(aRule({ quietHours }), at(iso))).toBe(true);
      expect(isQuietFor(aRule({ quietHours, severity: 'critical' }), at(iso))).toBe(false);
      expect(isQuietFor(aRule(), at(iso))).toBe(false);
    }
  });

  test('follow the clock when it is changed', () => {
    const early = { from: '02:30', to: '04:00', timeZone: 'Europe/Rome' };
    const quiet = (iso: string) => isQuiet(early, at(iso));
    // Spring, at 01:00 UTC: 01:59 is followed by 03:00, which is past half past two.
    expect([quiet('2026-03-29T00:59:00Z'), quiet('2026-03-29T01:00:00Z')]).toEqual([false, true]);
    expect(quiet('2026-03-29T02:00:00Z')).toBe(false);
    // Autumn, at 01:00 UTC: half past two is there twice.
    expect([quiet('2026-10-25T00:30:00Z'), quiet('2026-10-25T01:00:00Z')]).toEqual([true, false]);
    expect([quiet('2026-10-25T01:30:00Z'), quiet('2026-10-25T03:00:00Z')]).toEqual([true, false]);
  });
});
