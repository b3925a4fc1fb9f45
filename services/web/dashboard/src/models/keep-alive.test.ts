import { describe, expect, test } from 'vitest';

import { keepAliveOf } from './keep-alive.ts';

const NOW = Date.parse('2026-05-01T10:00:00Z');

describe('the keep-alive of a model', () => {
  test('is what is left until it expires, in whatever zone that is said', () => {
    expect(keepAliveOf('2026-05-01T12:05:00.123456789+02:00', NOW, 0)).toBeCloseTo(300.123);
  });

  test('follows the clock of the machine that said it', () => {
    expect(keepAliveOf('2026-05-01T10:15:00Z', NOW, 600)).toBe(300);
  });

  test('is never negative', () => {
    expect(keepAliveOf('2026-05-01T09:59:59Z', NOW, 0)).toBe('now');
  });

  test('of a model that stays is never', () => {
    expect(keepAliveOf('2318-08-11T10:00:00Z', NOW, 0)).toBe('never');
  });

  test('is unknown while nobody says it, or it cannot be read', () => {
    expect(keepAliveOf(null, NOW, 0)).toBeNull();
    expect(keepAliveOf('soon', NOW, 0)).toBeNull();
    expect(keepAliveOf('2026-05-01T10:15:00Z', null, 0)).toBeNull();
  });
});
