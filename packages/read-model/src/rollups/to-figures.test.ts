import { emptyRollup } from '@llm-monitor/contracts/redis';
import { bucketOf } from '@llm-monitor/contracts/stats';
import { expect, test } from 'vitest';

import { addRollup } from './merge-rollups.ts';
import { toFigures } from './to-figures.ts';

test('of nothing are zeroes, and null where a figure would need something', () => {
  expect(toFigures(emptyRollup())).toMatchObject({
    total_requests: 0,
    success_rate: null,
    avg_response_time: 0,
    p50: null,
    time_to_first_token: null,
    tokens_per_second: null,
  });
});

test('leave cancelled calls out of the success rate, and count time-outs as failed', () => {
  const rollup = emptyRollup();
  Object.assign(rollup.counts, { completed: 2, failed: 1, timeouts: 1, cancelled: 7 });
  expect(toFigures(rollup)).toMatchObject({ success_rate: 66.67, failed_requests: 1 });
});

test('of two rollups together are those of all their calls', () => {
  const quick = emptyRollup();
  Object.assign(quick.counts, { inferences: 3, durationMs: 300 });
  quick.durations.set(bucketOf(100), 3);
  quick.lastUsedMs = 5;
  const slow = emptyRollup();
  Object.assign(slow.counts, { inferences: 1, durationMs: 9700 });
  slow.durations.set(bucketOf(9700), 1);
  slow.lastUsedMs = 4;
  addRollup(quick, slow);
  const figures = toFigures(quick);
  expect(figures.avg_response_time).toBe(2.5);
  expect(figures.p50).toBeCloseTo(0.1, 2);
  // Of four calls the slowest one is the 99th percentile.
  expect(Math.abs((figures.p99 ?? 0) - 9.7) / 9.7).toBeLessThan(0.021);
  expect(quick.lastUsedMs).toBe(5);
});

test('a rate is of the tokens whose time is known, and energy of the calls of which that is', () => {
  const rollup = emptyRollup();
  Object.assign(rollup.counts, {
    ...{ outputTokens: 900, generatedTokens: 50, generationMs: 2000 },
    ...{ energyCalls: 3, energyJoules: 5400 },
  });
  expect(toFigures(rollup)).toMatchObject({
    ...{ tokens_per_second: 25, total_tokens: 900, energy_wh: 1.5, energy_calls: 3 },
  });
  const none = toFigures(emptyRollup());
  expect(none).not.toHaveProperty('energy_wh');
  expect(none).not.toHaveProperty('energy_calls');
});
