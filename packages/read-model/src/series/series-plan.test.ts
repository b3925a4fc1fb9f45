import { expect, test } from 'vitest';

import { defaultStepSeconds, planSeries, shortestStepSeconds } from './series-plan.ts';

const HOUR_MS = 3_600_000;

test.each([
  ['15 minutes', 0.25, 60],
  ['an hour', 1, 60],
  ['six hours', 6, 120],
  ['a day', 24, 600],
  ['two days', 48, 1800],
  ['a week', 168, 3600],
  ['a month', 720, 21_600],
  ['ninety days', 2160, 43_200],
])('%s is shown with a step that gives a chart about its width', (_, hours, step) => {
  expect(defaultStepSeconds(hours * HOUR_MS)).toBe(step);
  expect(step % shortestStepSeconds(hours * HOUR_MS)).toBe(0);
});

test('steps stand at round times and reach to the present one', () => {
  const nowMs = Date.UTC(2026, 4, 10, 12, 34, 20);
  const { startsMs, unit } = planSeries({ fromMs: nowMs - HOUR_MS, toMs: nowMs, stepSeconds: 900 });
  expect(startsMs.map((ms) => new Date(ms).toISOString().slice(11, 16))).toEqual([
    '11:30',
    '11:45',
    '12:00',
    '12:15',
    '12:30',
  ]);
  expect(unit).toBe('minute');
  expect(planSeries({ fromMs: nowMs - HOUR_MS, toMs: nowMs, stepSeconds: 7200 }).unit).toBe('hour');
});
