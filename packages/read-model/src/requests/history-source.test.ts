import { expect, test } from 'vitest';

import { takeMerged, type HistorySource } from './history-source.ts';

const aSource = (shard: number, ends: number[], isExhausted: boolean): HistorySource => ({
  shard,
  hours: isExhausted ? [] : [1],
  buffer: ends.map((endedAtMs) => ({ endedAtMs, member: `request-${shard}:app`, shard })),
  isExhausted,
  last: undefined,
});
const endsOf = (places: { endedAtMs: number }[]) => places.map(({ endedAtMs }) => endedAtMs);

test('places of all sources come newest first', () => {
  const sources = [aSource(0, [9, 5, 1], true), aSource(1, [8, 7, 2], true)];
  expect(endsOf(takeMerged(sources))).toEqual([9, 8, 7, 5, 2, 1]);
});

test('merging stops where a source may still have something newer, and goes on from there', () => {
  const first = aSource(0, [9, 5], false);
  const sources = [first, aSource(1, [8, 3], true)];
  expect(endsOf(takeMerged(sources))).toEqual([9, 8, 5]);
  first.buffer = aSource(0, [4], true).buffer;
  first.isExhausted = true;
  expect(endsOf(takeMerged(sources))).toEqual([4, 3]);
  expect(takeMerged(sources)).toEqual([]);
});

test('of equal ends the greater member comes first', () => {
  const sources = [aSource(0, [5], true), aSource(2, [5], true), aSource(1, [5], true)];
  expect(takeMerged(sources).map(({ shard }) => shard)).toEqual([2, 1, 0]);
});
