import { expect, test } from 'vitest';

import { judgeProgress, keepsUp } from './progress-verdict.ts';

const last = { atMs: 100_000, pending: 5, ackPending: 2, ackFloor: 10 };

test('an empty backlog is fine however long nothing moved', () => {
  const idle = { last: { ...last, pending: 0, ackPending: 0 }, floorMovedAtMs: 0 };
  expect(judgeProgress(idle, 100_000, 15_000).ok).toBe(true);
});
test('a backlog that shrinks is fine, one that stands still is not', () => {
  expect(judgeProgress({ last, floorMovedAtMs: 90_000 }, 100_000, 15_000).ok).toBe(true);
  expect(judgeProgress({ last, floorMovedAtMs: 80_000 }, 100_000, 15_000)).toEqual({
    ok: false,
    detail: '7 events wait and none was collected for 20 s: is Redis up, and does it take writes?',
  });
});
test('no word from the broker is not fine', () => {
  expect(judgeProgress(undefined, 0, 15_000).ok).toBe(false);
  expect(judgeProgress({ last, floorMovedAtMs: 100_000 }, 130_000, 15_000).ok).toBe(false);
});

test('a consumer keeps up while little waits and its floor moves', () => {
  expect(keepsUp(last, undefined)).toBe(true);
  expect(keepsUp({ ...last, ackFloor: 11 }, last)).toBe(true);
  expect(keepsUp({ ...last, ackPending: 0 }, last)).toBe(true);
  expect(keepsUp(last, last)).toBe(false);
  expect(keepsUp({ ...last, pending: 501, ackFloor: 11 }, last)).toBe(false);
});
