import { describe, expect, test } from 'vitest';

import { compareEntryIds, isAtOrBefore, latestPosition, placeFrame } from './live.ts';

describe('positions in the change feed', () => {
  test('are ordered by time, then by number, not as text', () => {
    expect(compareEntryIds('9-0', '10-0')).toBeLessThan(0);
    expect(compareEntryIds('10-2', '10-10')).toBeLessThan(0);
    expect(compareEntryIds('10-2', '10-2')).toBe(0);
  });

  test('of another number of shards are never at or before', () => {
    expect(isAtOrBefore(['1-0'], ['2-0', '2-0'])).toBe(false);
  });

  test('merge to the later one in every shard', () => {
    expect(latestPosition(['1-0', '9-0'], ['2-0', '3-0'])).toEqual(['2-0', '9-0']);
  });
});

describe('a frame', () => {
  test('that begins where the browser is, or before it, is applied', () => {
    expect(placeFrame(['5-0'], { prev: ['5-0'], pos: ['6-0'] })).toBe('apply');
    expect(placeFrame(['5-0'], { prev: ['3-0'], pos: ['6-0'] })).toBe('apply');
  });

  test('that ends at or before it was seen', () => {
    expect(placeFrame(['5-0'], { prev: ['3-0'], pos: ['5-0'] })).toBe('seen');
  });

  test('that begins behind it, in any shard, leaves a gap', () => {
    expect(placeFrame(['5-0', '5-0'], { prev: ['5-0', '6-0'], pos: ['7-0', '6-0'] })).toBe('gap');
  });

  test('without a place in the sequence is applied wherever the browser is', () => {
    expect(placeFrame(['1-0'], { prev: ['9-0'], pos: ['9-0'] })).toBe('apply');
  });
});
