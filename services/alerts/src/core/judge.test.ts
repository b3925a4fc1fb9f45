import type { AlertRule } from '@llm-monitor/contracts/alerts';
import { expect, test } from 'vitest';

import { aRule } from './a-rule.ts';
import { judge } from './judge.ts';

const RULE = { threshold: 10, noData: 'fire' } as const;

test.each([
  ['>', ['clear', 'clear', 'holds']],
  ['>=', ['clear', 'holds', 'holds']],
  ['<', ['holds', 'clear', 'clear']],
  ['<=', ['holds', 'holds', 'clear']],
] as const)('%s holds below, at and above the threshold as it says', (comparator, verdicts) => {
  const rule = aRule({ ...RULE, comparator });
  const found = [9, 10, 11].map((value) => judge(rule, { of: {}, value }, false));
  expect(found).toEqual(verdicts);
});

test.each(['held', 'behind'])(
  'of a part (%s) only what is there already counts: more of it may follow, and nothing is missing',
  (why) => {
    const look = (comparator: AlertRule['comparator'], value: number | null) =>
      judge(
        aRule({ ...RULE, comparator }),
        { of: {}, value, ...(why === 'held' ? { isHeld: true } : {}) },
        why === 'behind',
      );
    for (const comparator of ['>', '>='] as const) {
      expect([9, 11, null].map((value) => look(comparator, value))).toEqual([
        ...['keep', 'holds', 'keep'],
      ]);
    }
    for (const comparator of ['<', '<='] as const) {
      expect([9, 11, null].map((value) => look(comparator, value))).toEqual([
        ...['keep', 'keep', 'keep'],
      ]);
    }
  },
);

test('without a value it does what the rule says', () => {
  const look = (noData: AlertRule['noData']) =>
    judge(aRule({ noData }), { of: {}, value: null, isHeld: false }, false);
  expect((['fire', 'keep', 'ok'] as const).map(look)).toEqual(['holds', 'keep', 'clear']);
});
