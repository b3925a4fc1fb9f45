import { expect, test } from 'vitest';

import { applyOps } from './apply-ops.ts';
import { begunBetween, runningIn, stateFromSnapshot } from './live-state.ts';
import { MOST_ACTIVE } from './live.ts';
import { anActiveCall, anEndedCall, aSnapshot, aState, aStatus } from './sample-calls.ts';

test('calls that began meanwhile are counted, and none where the store began anew', () => {
  const after = (total: number) => {
    const state = aState();
    return { ...state, status: { ...state.status, total_requests: total } };
  };
  expect(begunBetween(after(20), after(25))).toBe(5);
  expect(begunBetween(after(20), after(3))).toBe(0);
});

test('of very many running calls those beyond the snapshot are counted too, until none is left', () => {
  const active = Array.from({ length: MOST_ACTIVE }, (_, i) => anActiveCall({ id: `call-${i}` }));
  const told = (running: number) => ['status', aStatus({ active_requests: running })] as const;
  const status = aStatus({ active_requests: MOST_ACTIVE + 200 });
  const many = stateFromSnapshot(aSnapshot({ active, status }));
  expect(runningIn(many)).toBe(MOST_ACTIVE + 200);
  const end = (i: number) => ['end', anEndedCall({ id: `call-${i}` })] as const;
  const fewer = applyOps(many, [end(0), end(1), told(MOST_ACTIVE + 100)]);
  expect(runningIn(fewer)).toBe(MOST_ACTIVE + 100);
  const known = applyOps(fewer, [told(MOST_ACTIVE - 2)]);
  expect(runningIn(known)).toBe(MOST_ACTIVE - 2);
  // From now on the list is right before the figures are.
  expect(runningIn(applyOps(known, [end(2)]))).toBe(MOST_ACTIVE - 3);
  expect(runningIn(applyOps(known, [told(MOST_ACTIVE)]))).toBe(MOST_ACTIVE - 2);
  expect(runningIn(stateFromSnapshot(aSnapshot({ status: told(3)[1] })))).toBe(0);
});
