import { emptyRollup } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { runningValues } from './running-values.ts';

function rollup(started: number, completed: number, failed = 0, cancelled = 0) {
  const of = emptyRollup();
  Object.assign(of.counts, { started, completed, failed, cancelled });
  return of;
}

test('what runs now is followed back through starts and ends', () => {
  const steps = [rollup(3, 0), undefined, rollup(1, 2), rollup(2, 0, 1, 1)];
  expect(runningValues(2, steps, undefined)).toEqual([3, 3, 2, 2]);
});

test('of a time long ago, what happened since is taken back first', () => {
  expect(runningValues(5, [rollup(1, 0)], rollup(6, 2))).toEqual([1]);
});

test('where an event is missing it is never below 0', () => {
  expect(runningValues(0, [rollup(0, 2), rollup(2, 0)], undefined)).toEqual([0, 0]);
});
