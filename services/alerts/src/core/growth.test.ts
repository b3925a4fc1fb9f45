import { describe, expect, test } from 'vitest';

import { addGrowth, growthWithin, type Growth } from './growth.ts';

const of = { app: 'a' };
const T0 = 1_700_000_000_000;

/** Looks at one counter, every 5 s. */
function watch(counts: number[]): { growth: Growth; nowMs: number } {
  let growth: Growth | undefined;
  let nowMs = T0;
  for (const count of counts) {
    nowMs += 5000;
    growth = addGrowth(growth, [{ name: 'a:1', of, count }], nowMs);
  }
  if (!growth) throw new Error('no counts');
  return { growth, nowMs };
}

describe('growth of counters', () => {
  test('begins with what is there at the first look, and is what came since', () => {
    const { growth, nowMs } = watch([40, 40, 43, 44]);
    expect(growthWithin(growth, 60_000, nowMs)).toEqual([{ of, value: 4 }]);
    expect(growthWithin(growth, 60_000, nowMs + 120_000)).toEqual([]);
  });

  test('of a counter that is new is all of it; one that was reset does not shrink it', () => {
    const { growth, nowMs } = watch([40, 3, 5]);
    expect(growthWithin(growth, 60_000, nowMs)).toEqual([{ of, value: 2 }]);
    const more = addGrowth(growth, [{ name: 'b:1', of: { app: 'b' }, count: 7 }], nowMs);
    expect(growthWithin(more, 60_000, nowMs)).toEqual([
      { of, value: 2 },
      { of: { app: 'b' }, value: 7 },
    ]);
    // Whoever was silent for a while has not grown by all it says.
    const again = addGrowth(more, [{ name: 'a:1', of, count: 6 }], nowMs);
    expect(growthWithin(again, 60_000, nowMs)[0]).toEqual({ of, value: 3 });
  });

  test('is kept as one for some seconds, apart for each of whom it is, and counts until it is older than the window', () => {
    const at = Math.floor(T0 / 10_000) * 10_000;
    const others = { app: 'b' };
    const counts = (a: number, b: number) => [
      { name: 'a:1', of, count: a },
      { name: 'b:1', of: others, count: b },
    ];
    let growth = addGrowth(undefined, counts(0, 0), at);
    growth = addGrowth(growth, counts(1, 5), at + 1000);
    growth = addGrowth(growth, counts(3, 5), at + 9000);
    growth = addGrowth(growth, counts(4, 5), at + 10_000);
    expect(growth.grown).toEqual([
      [at, of, 3],
      [at, others, 5],
      [at + 10_000, of, 1],
    ]);
    expect(growthWithin(growth, 60_000, at + 69_999)[0]).toEqual({ of, value: 4 });
    expect(growthWithin(growth, 60_000, at + 70_000)).toEqual([{ of, value: 1 }]);
  });

  test('is remembered of so many counters and spans, the latest of them', () => {
    const many = Array.from({ length: 2001 }, (_, i) => ({
      ...{ name: `a:${i}`, of: { app: `a${i}` }, count: 1 },
    }));
    const growth = addGrowth({ last: {}, grown: [] }, many, T0);
    expect(Object.keys(growth.last)).toHaveLength(2000);
    expect(growth.last).not.toHaveProperty('a:0');
    expect(growth.grown).toHaveLength(2000);
    expect(growth.grown.at(-1)?.[1]).toEqual({ app: 'a2000' });
  });

  test('is forgotten after a day, so that it does not grow itself', () => {
    const { growth, nowMs } = watch([0, 1]);
    expect(addGrowth(growth, [], nowMs + 86_500_000).grown).toEqual([]);
  });
});
