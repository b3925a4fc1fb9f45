import { expect, test } from 'vitest';

import { begunBetween } from './live-state.ts';
import { aState } from './sample-calls.ts';

test('calls that began meanwhile are counted, and none where the store began anew', () => {
  const after = (total: number) => {
    const state = aState();
    return { ...state, status: { ...state.status, total_requests: total } };
  };
  expect(begunBetween(after(20), after(25))).toBe(5);
  expect(begunBetween(after(20), after(3))).toBe(0);
});
