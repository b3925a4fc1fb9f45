import type { Trends } from '@llm-monitor/contracts/rest';
import { expect, test } from 'vitest';

import { CALL_CHARTS } from './chart-kinds.ts';
import { chartData, comparedWithBefore, lastKnown, linesOf, lonePlaces } from './chart-data.ts';

const TRENDS: Trends = {
  ...{ from: '2026-05-10T10:00:30Z', to: '2026-05-10T10:04:00Z' },
  ...{ start: '2026-05-10T10:00:00Z', step: 60 },
  series: [
    { metric: 'requests', unit: 'requests', values: [1, 2, 3, 4] },
    { metric: 'p50', unit: 's', values: [0.5, null, 1.5, null] },
  ],
  marks: [{ at: '2026-05-10T10:01:30Z', kind: 'loaded', host: 'here', model: 'phi3' }],
};
const START = Date.parse(TRENDS.start) / 1000;

test('every value stands at the start of its step, gaps stay gaps', () => {
  const data = chartData(TRENDS);
  expect(data.times).toEqual([0, 60, 120, 180].map((seconds) => START + seconds));
  expect([data.from, data.to]).toEqual([START, START + 240]);
  expect(data.values.get('p50')).toEqual([0.5, null, 1.5, null]);
  expect(data.marks).toMatchObject([{ seconds: START + 90, model: 'phi3' }]);
});

test('a chart has a line for each of its metrics, an unknown one without values', () => {
  const [calls] = CALL_CHARTS;
  const lines = linesOf(calls!, chartData(TRENDS, TRENDS));
  const unknown = [null, null, null, null];
  expect(lines).toEqual([[1, 2, 3, 4], unknown, [1, 2, 3, 4], unknown]);
});

test('a time is laid over the one before it', () => {
  const data = comparedWithBefore(TRENDS, 120);
  expect(data.times).toEqual([START + 120, START + 180]);
  expect(data.values.get('requests')).toEqual([3, 4]);
  expect(data.other?.get('requests')).toEqual([1, 2]);
});

test('the last known value is that before a gap', () => {
  expect(lastKnown([1, 2, null])).toBe(2);
  expect(lastKnown([null])).toBeNull();
});

test('values without a neighbour are found, at the ends, too', () => {
  expect(lonePlaces([1, null, 2, 3, null, 4, null, 5])).toEqual([0, 5, 7]);
  expect(lonePlaces([0])).toEqual([0]);
  expect(lonePlaces([1, 2, 3])).toEqual([]);
  expect(lonePlaces([null, null])).toEqual([]);
});
