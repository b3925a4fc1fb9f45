import { expect, test } from 'vitest';

import { createCallEnergy } from './call-energy.ts';

test('a call alone takes all that is drawn while it runs, and nothing after', () => {
  const energy = createCallEnergy();
  energy.power(100, 0);
  energy.begin('a', 1000);
  energy.power(300, 3000);
  energy.stop('a', 4000);
  energy.power(300, 9000);
  expect(energy.of('a')).toBe(100 * 2 + 300 * 1);
  energy.forget('a');
  expect(energy.of('a')).toBeUndefined();
});

test('calls at once share by time, and together take what was drawn', () => {
  const energy = createCallEnergy();
  energy.power(90, 0);
  energy.begin('a', 0);
  energy.begin('b', 1000);
  energy.begin('c', 2000);
  energy.stop('a', 3000);
  energy.stop('b', 4000);
  energy.stop('c', 5000);
  const each = ['a', 'b', 'c'].map((key) => energy.of(key) ?? 0);
  expect(each).toEqual([90 + 45 + 30, 45 + 30 + 45, 30 + 45 + 90]);
  expect(each.reduce((sum, joules) => sum + joules)).toBe(90 * 5);
});

test('what cannot be told is not 0: a call of which more than a tenth is unknown has no energy', () => {
  const energy = createCallEnergy();
  energy.begin('a', 0);
  energy.power(50, 500);
  energy.power(null, 4500);
  energy.stop('a', 4520);
  expect(energy.of('a')).toBeUndefined();
  energy.power(50, 5000);
  energy.begin('b', 5000);
  energy.power(null, 14_500);
  energy.stop('b', 15_000);
  expect(energy.of('b')).toBe(50 * 9.5);
  expect(createCallEnergy().of('a')).toBeUndefined();
});
