import { expect, test } from 'vitest';

import { isStalled, MAX_BUFFERED_BYTES, MAX_UNDRAINED_MS } from './judge-outbound.ts';

test('a browser that takes what is sent keeps up, however long nothing was sent', () => {
  expect(isStalled({ bufferedBytes: 0, drainedAtMs: 0, nowMs: 1e9 })).toBe(false);
  expect(isStalled({ bufferedBytes: 900, drainedAtMs: 0, nowMs: MAX_UNDRAINED_MS })).toBe(false);
});

test('a browser is stalled with too much on its way, or with anything for too long', () => {
  expect(isStalled({ bufferedBytes: MAX_BUFFERED_BYTES + 1, drainedAtMs: 0, nowMs: 0 })).toBe(true);
  expect(isStalled({ bufferedBytes: 1, drainedAtMs: 0, nowMs: MAX_UNDRAINED_MS + 1 })).toBe(true);
});
