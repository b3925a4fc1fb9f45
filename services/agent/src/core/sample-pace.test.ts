import { expect, test } from 'vitest';

import { sampleInterval } from './sample-pace.ts';

const T = 1_778_000_000_000;
const intervals = { fastMs: 2000, idleMs: 10_000 };
const nobody = { watchedAtMs: undefined, runningCalls: 0, isSuspicious: false };

test('samples are few while nobody looks and nothing runs', () => {
  expect(sampleInterval(nobody, intervals, T)).toBe(10_000);
  expect(sampleInterval({ ...nobody, watchedAtMs: T - 15_000 }, intervals, T)).toBe(10_000);
});

test.each([
  ['somebody looked 15 s ago or less', { watchedAtMs: T - 14_999 }],
  ['calls run', { runningCalls: 1 }],
  ['something is suspicious', { isSuspicious: true }],
])('samples are many while %s', (_, interest) => {
  expect(sampleInterval({ ...nobody, ...interest }, intervals, T)).toBe(2000);
});

test('the idle rate is never above the other', () => {
  expect(sampleInterval(nobody, { fastMs: 30_000, idleMs: 10_000 }, T)).toBe(30_000);
});
