import { describe, expect, it } from 'vitest';

import { countFailures, restartDelayMs } from './back-off.ts';

describe('restartDelayMs', () => {
  it('doubles with each death in a row, up to ten seconds', () => {
    expect([1, 2, 3, 4].map(restartDelayMs)).toEqual([250, 500, 1000, 2000]);
    expect(restartDelayMs(60)).toBe(10_000);
  });
});

describe('countFailures', () => {
  it('counts deaths in a row', () => {
    expect(countFailures(2, 1000)).toBe(3);
  });

  it('starts again after a part ran well', () => {
    expect(countFailures(7, 30_000)).toBe(1);
  });
});
