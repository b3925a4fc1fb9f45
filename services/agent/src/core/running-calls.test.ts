import { expect, test } from 'vitest';

import { createRunningCalls, type RunningCall } from './running-calls.ts';

const T = 1_778_000_000_000;
const aCall = (requestId: string, instance: string | undefined = 'i1'): RunningCall => ({
  ...{ app: 'shop', requestId, instance, server: 0, place: 'here' },
  ...{ model: 'm', isInference: true, hasOutput: false },
});
const aBeat = (ids: string[], all = true) => ({ app: 'shop', instance: 'i1', ids, all });
const ids = (calls: readonly RunningCall[]) => calls.map(({ requestId }) => requestId);

test('a call runs from its start to its end, however often each is said', () => {
  const calls = createRunningCalls();
  expect(calls.start(aCall('request-1'), T)).toBe(true);
  expect(calls.start(aCall('request-1'), T)).toBe(false);
  expect(ids(calls.list())).toEqual(['request-1']);
  expect(calls.end('shop', 'request-1')).toMatchObject({ requestId: 'request-1' });
  expect(calls.end('shop', 'request-1')).toBeUndefined();
  expect(calls.list()).toEqual([]);
});

test('a start that comes after its end starts nothing', () => {
  const calls = createRunningCalls();
  expect(calls.end('shop', 'request-1')).toBeUndefined();
  expect(calls.start(aCall('request-1'), T)).toBe(false);
});

test('a call whose end was lost is over when two beats of its instance do not list it', () => {
  const calls = createRunningCalls();
  calls.start(aCall('request-1'), T);
  calls.start(aCall('request-2'), T);
  expect(calls.beat(aBeat(['request-1']), T + 5000)).toEqual([]);
  expect(calls.beat({ ...aBeat([]), instance: 'i2' }, T + 6000)).toEqual([]);
  expect(ids(calls.beat(aBeat(['request-1']), T + 15_000))).toEqual(['request-2']);
  expect(ids(calls.list())).toEqual(['request-1']);
});

test('a beat that cannot list all calls ends none', () => {
  const calls = createRunningCalls();
  calls.start(aCall('request-1'), T);
  for (let i = 1; i < 5; i++) expect(calls.beat(aBeat([], false), T + i * 10_000)).toEqual([]);
  expect(calls.list()).toHaveLength(1);
});

test('the calls of an instance that beat and fell silent are forgotten after 35 s', () => {
  const calls = createRunningCalls();
  calls.start(aCall('request-1'), T);
  calls.beat(aBeat(['request-1']), T + 5000);
  expect(calls.expire(T + 39_999)).toEqual([]);
  expect(ids(calls.expire(T + 40_000))).toEqual(['request-1']);
});

test('a call of an app that never beats is forgotten after half an hour', () => {
  const calls = createRunningCalls();
  calls.start(aCall('request-1', undefined), T);
  expect(calls.expire(T + 29 * 60_000)).toEqual([]);
  expect(ids(calls.expire(T + 30 * 60_000))).toEqual(['request-1']);
});
