import type { HeartbeatData } from '@llm-monitor/contracts/events';
import { expect, test } from 'vitest';

import { beatOf, heartbeatMessages } from './heartbeat-messages.ts';

const beat = (count: number) =>
  heartbeatMessages(
    {
      ...{ app: 'a', instance: 'i', droppedEvents: 3 },
      runningRequestIds: Array.from({ length: count }, (_, index) => `request-${index}`),
    },
    { atMs: 0, number: 1 },
  ).map(({ payload }) => (JSON.parse(payload) as { data: HeartbeatData }).data);

test('an instance beats also when nothing runs', () => {
  expect(beat(0)).toEqual([
    { app: 'a', instance: 'i', droppedEvents: 3, running: 0, runningRequestIds: [] },
  ]);
});

test('more than a thousand running calls take several messages, each with the whole number', () => {
  const beats = beat(2500);
  expect(beats.map((data) => [data.running, data.runningRequestIds.length])).toEqual([
    [2500, 1000],
    [2500, 1000],
    [2500, 500],
  ]);
  expect(new Set(beats.flatMap((data) => data.runningRequestIds)).size).toBe(2500);
});

test('lets an app that passes through say once that it ends, and the program itself beat on', () => {
  const passing = { isProgram: false, running: 0, isGreeted: true };
  expect(beatOf({ ...passing, running: 1 })).toBe('beat');
  expect(beatOf(passing)).toBe('last');
  expect(beatOf({ ...passing, isGreeted: false })).toBe('none');
  expect(beatOf({ ...passing, isProgram: true })).toBe('beat');
});
