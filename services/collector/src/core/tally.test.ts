import { LIFETIME, type Dimensions } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { addCount, Tally } from './tally.ts';

const HOUR = Date.UTC(2026, 0, 1, 12);
const of: Dimensions = { model: 'm:1', app: 'shop', host: 'box', demo: false };

function rollupsOf(tally: Tally) {
  const { rollups } = tally.result();
  return rollups.map(({ bucket, fields }) => [bucket, Object.fromEntries(fields)]);
}

test('minutes are added up in their hour and in the lifetime, the last use as the latest of all', () => {
  const tally = new Tally();
  for (const [minute, lastUsedMs] of [0, 59, 60].map((at) => [at, HOUR + at * 60_000] as const)) {
    const { fields } = tally.at(HOUR + minute * 60_000, of);
    addCount(fields, 'n', 1);
    addCount(fields, 'lu', lastUsedMs);
    addCount(fields, 'lu', lastUsedMs - 5);
  }
  const [minute, hour] = [HOUR / 60_000, HOUR / 3_600_000];
  const used = (at: number, n: number) => ({ n, lu: HOUR + at * 60_000 });
  expect(rollupsOf(tally)).toEqual([
    [`m${minute}`, used(0, 1)],
    [`m${minute + 59}`, used(59, 1)],
    [`m${minute + 60}`, used(60, 1)],
    [`h${hour}`, used(59, 2)],
    [`h${hour + 1}`, used(60, 1)],
    [LIFETIME, used(60, 3)],
  ]);
});

test('what was counted somewhere is taken back there, in the same batch or in a later one', () => {
  const tally = new Tally();
  const { place, fields } = tally.at(HOUR, of);
  addCount(fields, 'n', 1);
  addCount(tally.atPlace(place).fields, 'n', -1);
  expect(rollupsOf(tally)).toEqual(rollupsOf(tally).map(([bucket]) => [bucket, { n: 0 }]));
  const later = new Tally();
  addCount(later.atPlace(place).fields, 'n', -1);
  const members = new Set(later.result().rollups.map(({ member }) => member));
  expect(members).toEqual(new Set([tally.result().rollups[0]?.member]));
  expect([...later.result().totals.real]).toEqual([['n', -1]]);
});

test('demo traffic has places and totals of its own', () => {
  const tally = new Tally();
  addCount(tally.at(HOUR, of).fields, 'n', 1);
  const { place, fields } = tally.at(HOUR, { ...of, demo: true });
  addCount(fields, 'n', 1);
  const later = new Tally();
  addCount(later.atPlace(place).fields, 'n', -1);
  expect(tally.result().rollups).toHaveLength(6);
  expect([...tally.result().totals.real, ...tally.result().totals.demo]).toHaveLength(2);
  expect([...later.result().totals.demo]).toEqual([['n', -1]]);
});
