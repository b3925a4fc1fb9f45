import type { CancelResult } from '@llm-monitor/contracts/rest';
import { afterEach, expect, test, vi } from 'vitest';

import { ApiError } from '../rest/api.ts';
import { createCancellations } from './cancellations.ts';

const CALL = { id: 'request-1', app: 'shop' };
const KEY = 'request-1:shop';
const answering = (answer: Partial<CancelResult>) =>
  createCancellations({
    cancelRequest: async ({ id }) => ({
      id,
      reached: false,
      aborted: false,
      reason: null,
      ...answer,
    }),
  });
const failing = (status: number, message: string) =>
  createCancellations({ cancelRequest: () => Promise.reject(new ApiError(status, message)) });

afterEach(() => vi.useRealTimers());

test('a call is pending while it is asked for, and until its end may have been seen', async () => {
  vi.useFakeTimers();
  const { pending, cancel } = answering({ reached: true, aborted: true });
  const outcome = cancel(CALL);
  expect(pending.get().has(KEY)).toBe(true);
  expect(await outcome).toEqual({ kind: 'aborted', reason: null });
  expect(pending.get().has(KEY)).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(pending.get().has(KEY)).toBe(false);
});

test.each([
  [{ reached: false, reason: 'no answer in 2 s' }, 'not-reached', 'no answer in 2 s'],
  [{ reached: true, reason: 'switched off' }, 'not-aborted', 'switched off'],
] as const)('%o is told as %s, with its reason, and can be tried again', async (...row) => {
  const [answer, kind, reason] = row;
  const { pending, cancel } = answering(answer);
  expect(await cancel(CALL)).toEqual({ kind, reason });
  expect(pending.get().size).toBe(0);
});

test.each([
  [404, 'ended'],
  [409, 'ended'],
  [403, 'off'],
  [503, 'not-reached'],
  [504, 'not-reached'],
  [500, 'failed'],
  [0, 'failed'],
] as const)('an answer of %d is told as %s, with what it said', async (status, kind) => {
  const { pending, cancel } = failing(status, 'because');
  expect(await cancel(CALL)).toEqual({ kind, reason: 'because' });
  expect(pending.get().size).toBe(0);
});
