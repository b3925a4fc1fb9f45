import { addRollupFields, emptyRollup, type Dimensions } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { addRollup, sumBy, sumSlices } from './merge-rollups.ts';

function slice(of: Partial<Dimensions>, fields: Record<string, string>) {
  const rollup = emptyRollup();
  addRollupFields(rollup, fields);
  return { of: { model: 'm', app: 'a', host: 'h', demo: false, ...of }, rollup };
}
const SLICES = [
  slice({ model: 'm1' }, { n: '2', ok: '1', d5: '1', f3: '2', lu: '50' }),
  slice({ model: 'm2' }, { n: '3', ko: '1', d5: '1', d6: '4', lu: '70' }),
  slice({ model: 'm1', app: 'b' }, { n: '4', ok: '2', f3: '1', lu: '60' }),
];

test('counts and histograms add up, the last use is the latest, and what was added stays as it is', () => {
  const sum = sumSlices(SLICES);
  expect(sum.counts).toMatchObject({ started: 9, completed: 3, failed: 1, cancelled: 0 });
  expect(Object.fromEntries(sum.durations)).toEqual({ 5: 2, 6: 4 });
  expect(Object.fromEntries(sum.firstTokens)).toEqual({ 3: 3 });
  expect(sum.lastUsedMs).toBe(70);
  addRollup(sum, SLICES[0]!.rollup);
  expect(SLICES[0]?.rollup.counts.started).toBe(2);
  expect(sumSlices([])).toEqual(emptyRollup());
});

test('of each value of a dimension there is a sum of its own', () => {
  const started = (dimension: 'model' | 'app' | 'host') =>
    [...sumBy(SLICES, dimension)].map(([name, { counts }]) => [name, counts.started]);
  expect(started('model')).toEqual([
    ['m1', 6],
    ['m2', 3],
  ]);
  expect(started('app')).toEqual([
    ['a', 5],
    ['b', 4],
  ]);
  expect(started('host')).toEqual([['h', 9]]);
});
