import { expect, test } from 'vitest';

import { createDemoCalls } from './demo-calls.ts';

test('a first token belongs to the view of its call', () => {
  const calls = createDemoCalls(10);
  calls.add('a:demo');
  expect(calls.isDemo(['first', 'a:demo', 1])).toBe(true);
  expect(calls.isDemo(['first', 'b:demo', 1])).toBe(false);
});

test('more running demo calls than are remembered push the oldest out', () => {
  const calls = createDemoCalls(2);
  for (const key of ['a:x', 'b:x', 'c:x']) calls.add(key);
  expect(['a:x', 'b:x', 'c:x'].map((key) => calls.isDemo(['first', key, 1]))).toEqual([
    false,
    true,
    true,
  ]);
});
