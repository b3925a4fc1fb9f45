import { describe, expect, test } from 'vitest';

import { freshnessOf, NOT_CONNECTED } from './connection.ts';

const open = { ...NOT_CONNECTED, phase: 'open', heardAt: 1000 } as const;

describe('the data', () => {
  test('are live while the server speaks', () => {
    expect(freshnessOf(open, 5900)).toBe('live');
  });

  test('are stale after five seconds of silence, though the connection is open', () => {
    expect(freshnessOf(open, 6100)).toBe('stale');
  });

  test('are never live while the connection is away', () => {
    expect(freshnessOf({ ...open, phase: 'reconnecting' }, 1000)).toBe('reconnecting');
  });
});

describe('the first connection', () => {
  test('is an error after two failures, not after one', () => {
    expect(freshnessOf({ ...NOT_CONNECTED, failures: 1 }, 0)).toBe('connecting');
    expect(freshnessOf({ ...NOT_CONNECTED, failures: 2 }, 0)).toBe('error');
  });

  test('is an error when the service answers but has nothing to show', () => {
    expect(freshnessOf({ ...NOT_CONNECTED, fault: 'no-snapshot' }, 0)).toBe('error');
  });
});
