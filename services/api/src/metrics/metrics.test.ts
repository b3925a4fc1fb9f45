import { emptyLifetime } from '@llm-monitor/contracts/redis';
import { bucketOf } from '@llm-monitor/contracts/stats';
import { describe, expect, test } from 'vitest';

import { expositionFor, writeExposition, type Family } from './exposition.ts';
import { genAiFamilies } from './gen-ai-families.ts';
import { byImportance, labelLifetimes } from './label-lifetimes.ts';
import { createCombinationNames } from './name-combinations.ts';
import { createNeverLess } from './never-less.ts';

function aCombination(model: string, app: string, started: number) {
  const lifetime = emptyLifetime();
  lifetime.counts.started = started;
  return { model, app, lifetime };
}

describe('what is written', () => {
  const family: Family = {
    name: 'x',
    type: 'counter',
    help: 'Says "a\\b"\nin two lines.',
    samples: [{ suffix: '_total', labels: { model: 'a"b\\c\nd\re\ud800' }, value: 3 }],
  };
  test('is escaped, as each format wants it', () => {
    expect(writeExposition([family], 'text')).toBe(
      '# HELP x_total Says "a\\\\b"\\nin two lines.\n# TYPE x_total counter\n' +
        'x_total{model="a\\"b\\\\c\\nd\ufffde\ufffd"} 3\n',
    );
    expect(writeExposition([family], 'openmetrics')).toBe(
      '# HELP x Says \\"a\\\\b\\"\\nin two lines.\n# TYPE x counter\n' +
        'x_total{model="a\\"b\\\\c\\nd\ufffde\ufffd"} 3\n# EOF\n',
    );
  });
  test('is nothing of a family that has nothing', () => {
    expect(writeExposition([{ ...family, samples: [] }], 'text')).toBe('\n');
  });
  test('is OpenMetrics for who names it', () => {
    expect(expositionFor('application/openmetrics-text;version=1.0.0,*/*;q=0.1')).toBe(
      'openmetrics',
    );
    expect(expositionFor('*/*')).toBe('text');
    expect(expositionFor(undefined)).toBe('text');
  });
});

describe('the convention’s buckets', () => {
  const durations = (ms: readonly number[]) => {
    const lifetime = emptyLifetime();
    for (const each of ms) {
      const bucket = bucketOf(each);
      lifetime.durations.set(bucket, (lifetime.durations.get(bucket) ?? 0) + 1);
      lifetime.counts.durationMs += each;
    }
    const [family] = genAiFamilies([{ labels: {}, lifetime }]);
    return Object.fromEntries(
      (family?.samples ?? []).map(({ suffix, labels, value }) => [labels['le'] ?? suffix, value]),
    );
  };
  test('hold the calls up to each bound, and all of them', () => {
    const found = durations([5, 15, 15, 600, 2000, 200_000]);
    expect(found).toMatchObject({ '0.01': 1, '0.02': 3, '0.32': 3, '0.64': 4, '2.56': 5 });
    expect(found).toMatchObject({ '81.92': 5, '+Inf': 6, _count: 6 });
    expect(found['_sum']).toBeCloseTo(202.635);
  });
  test('are right for everything that is more than 2 % away from a bound', () => {
    const bounds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48];
    for (const bound of bounds) {
      expect(durations([bound * 1000 * 0.979])[String(bound)], `below ${bound}`).toBe(1);
      expect(durations([bound * 1000 * 1.021])[String(bound)], `above ${bound}`).toBe(0);
    }
  });
  test('are told of nothing where nothing was', () => {
    expect(durations([])).toEqual({});
  });
});

describe('names', () => {
  test('are given to so many combinations, the rest is told as one, and who has one keeps it', () => {
    const names = createCombinationNames(2);
    const before = [
      aCombination('a', 'x', 1),
      aCombination('b', 'x', 9),
      aCombination('c', 'x', 5),
    ];
    const told = (combinations: typeof before) =>
      labelLifetimes(combinations, names.name(byImportance(combinations))).map(
        ({ labels, lifetime }) => [labels['gen_ai_request_model'], lifetime.counts.started],
      );
    expect(told(before)).toEqual([
      ['other', 1],
      ['b', 9],
      ['c', 5],
    ]);
    const after = [
      aCombination('a', 'x', 100),
      aCombination('b', 'x', 9),
      aCombination('c', 'x', 5),
    ];
    expect(told(after)[0]).toEqual(['other', 100]);
  });
});

test('a counter never says less, unless it began anew', () => {
  const neverLess = createNeverLess();
  expect([5, 4, 5, 6].map((value) => neverLess('a', value))).toEqual([5, 5, 5, 6]);
  expect([100, 3, 4].map((value) => neverLess('b', value))).toEqual([100, 3, 4]);
});
