import { anEndedCall } from '@llm-monitor/contracts/live/samples';
import { expect, test } from 'vitest';

import { timelineOf } from './session-lanes.ts';

const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 10, 0, second)).toISOString();
const aCall = (id: string, from: number, to: number) =>
  anEndedCall({ id, started_at: at(from), ended_at: at(to) });

test('calls lie where they were in time, and those at once below each other', () => {
  const timeline = timelineOf([aCall('c', 6, 10), aCall('b', 2, 7), aCall('a', 0, 4)]);
  expect(timeline?.lanes).toBe(2);
  expect(timeline?.bars.map(({ call, lane, left, width }) => [call.id, lane, left, width])).toEqual(
    [
      ['a', 0, 0, 40],
      ['b', 1, 20, 50],
      ['c', 0, 60, 40],
    ],
  );
});

test('no calls have no timeline', () => {
  expect(timelineOf([])).toBeNull();
});
