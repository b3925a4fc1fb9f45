import { describe, expect, test } from 'vitest';

import { parseAgo, readMoment, readRange } from './times.ts';

describe('times that a person types', () => {
  test('may be so long ago', () => {
    expect(parseAgo('90s')).toBe(90_000);
    expect(parseAgo('2w')).toBe(14 * 86_400_000);
    expect(parseAgo(' 15m ')).toBe(900_000);
    expect(readRange('6h')).toBe(6 * 3_600_000);
    expect(() => readRange('6 h')).toThrow('It may be 90s, 15m, 6h, 7d or 2w.');
    expect(Date.now() - readMoment('1d').getTime()).toBeGreaterThanOrEqual(86_400_000);
    for (const wrong of ['', '15mx', '0h', '5', 'h', '1.5h', '5y', '-1h']) {
      expect(parseAgo(wrong), wrong).toBeUndefined();
    }
  });

  test('are of the zone of this machine, unless they name one', () => {
    expect(readMoment('2026-05-01')).toEqual(new Date(2026, 4, 1));
    expect(readMoment('2026-05-01T10:30')).toEqual(new Date(2026, 4, 1, 10, 30));
    expect(readMoment('2028-02-29')).toEqual(new Date(2028, 1, 29));
    expect(readMoment('2026-05-01T10:30:00Z')).toEqual(new Date(Date.UTC(2026, 4, 1, 10, 30)));
  });

  test('are refused with the form that they have', () => {
    for (const wrong of [
      'yesterday',
      '5',
      '2026-13-01',
      '1',
      '2026-02-31',
      '2026-04-31T10:00',
      'on 2026-05-01',
    ]) {
      expect(() => readMoment(wrong), wrong).toThrow('2026-05-01T10:00');
    }
  });
});
