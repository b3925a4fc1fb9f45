import { describe, expect, test } from 'vitest';

import { createRecentEntries, type FeedEntry } from './recent-entries.ts';

const entry = (id: string, shard = 0, ops = 1): FeedEntry => ({
  shard,
  id,
  ops: Array.from({ length: ops }, () => ['first', 'a:b', 1] as const),
});

describe('recent entries', () => {
  test('give all that came after a position, shard by shard', () => {
    const recent = createRecentEntries({ maxOps: 100 });
    recent.reset(['5-0', '5-0']);
    for (const one of [entry('6-0', 0), entry('6-0', 1), entry('7-0', 0)]) recent.add(one);

    expect(recent.since(['6-0', '5-0'])).toEqual([entry('6-0', 1), entry('7-0', 0)]);
    expect(recent.since(['7-0', '6-0'])).toEqual([]);
    expect(recent.position()).toEqual(['7-0', '6-0']);
  });

  test('do not answer for what was before them or is still to come, nor for another number of shards', () => {
    const recent = createRecentEntries({ maxOps: 100 });
    recent.reset(['5-0', '5-0']);
    expect(recent.since(['5-0', '4-9'])).toBeUndefined();
    expect(recent.since(['5-0'])).toBeUndefined();
    expect(recent.since(['5-0', '5-0'])).toEqual([]);
    expect(recent.since(['5-0', '5-1'])).toBeUndefined();
  });

  test('forget the oldest when they are many, and know it', () => {
    const recent = createRecentEntries({ maxOps: 10 });
    recent.reset(['0-0']);
    for (let i = 1; i <= 8; i++) recent.add(entry(`${i}-0`, 0, 2));

    expect(recent.since(['0-0'])).toBeUndefined();
    const oldest = [1, 2, 3, 4, 5].find((i) => recent.since([`${i}-0`]) !== undefined);
    expect(oldest).toBe(2);
    expect(recent.since(['2-0'])?.map(({ id }) => id)).toEqual([
      '3-0',
      '4-0',
      '5-0',
      '6-0',
      '7-0',
      '8-0',
    ]);
  });

  test('take no entry twice', () => {
    const recent = createRecentEntries({ maxOps: 10 });
    recent.reset(['0-0']);
    recent.add(entry('1-0'));
    recent.add(entry('1-0'));
    expect(recent.since(['0-0'])).toHaveLength(1);
  });
});
