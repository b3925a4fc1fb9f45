import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { inTurn } from './in-turn.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('pieces of work are done in their order, each in a task of its own', () => {
  const done: string[] = [];
  for (const name of ['a', 'b', 'c']) inTurn(() => void done.push(name));
  expect(done).toEqual([]);
  vi.advanceTimersToNextTimer();
  expect(done).toEqual(['a']);
  vi.runAllTimers();
  expect(done).toEqual(['a', 'b', 'c']);
  inTurn(() => void done.push('d'));
  vi.runAllTimers();
  expect(done).toEqual(['a', 'b', 'c', 'd']);
});

test('work that was called off is not done, and the rest is', () => {
  const done: string[] = [];
  inTurn(() => void done.push('a'));
  const callOff = inTurn(() => void done.push('b'));
  inTurn(() => void done.push('c'));
  callOff();
  vi.runAllTimers();
  expect(done).toEqual(['a', 'c']);
});

test('work that fails does not hold up the rest', () => {
  const done: string[] = [];
  inTurn(() => {
    throw new Error('no canvas');
  });
  inTurn(() => void done.push('b'));
  expect(() => vi.advanceTimersToNextTimer()).toThrow('no canvas');
  vi.runAllTimers();
  expect(done).toEqual(['b']);
});
