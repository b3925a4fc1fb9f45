import { expect, test } from 'vitest';

import { overdue, type Leaving } from './overdue.ts';

const leaving = (elapsedMs: number, more: Partial<Leaving> = {}): Leaving => ({
  ...{ elapsedMs, silentMs: elapsedMs, hasHead: false },
  ...more,
});

test.each<[string, number, number | undefined]>([
  ['1500', 1500, 1500],
  ['1500', 1400, 1500],
  ['1500', 90_000, 1500],
  ['1500', 1000, undefined],
  ['1.5', 2, 1.5],
  ...['0', '-1', 'soon', 'Infinity', ''].map((header): [string, number, undefined] => [
    header,
    5000,
    undefined,
  ]),
])('of a call that may take %j ms, after %i ms %s are over', (header, elapsedMs, expected) => {
  const headers = { 'x-llm-monitor-timeout-ms': header };
  expect(overdue(headers, leaving(elapsedMs, { hasHead: true }))).toBe(expected);
});

test.each([
  ['0.5', 480, 500],
  ['0.5', 300, undefined],
  ['600', 10_000, undefined],
  ['0', 10_000, undefined],
])('of %j seconds of silence, after %i ms %s are over', (header, silentMs, expected) => {
  const headers = { 'x-stainless-read-timeout': header };
  expect(overdue(headers, leaving(20_000, { silentMs, hasHead: true }))).toBe(expected);
});

test.each([
  ['1', leaving(995), 1000],
  // 1.9 s are told as 1.
  ['1', leaving(1905), 1000],
  ['1', leaving(2500), undefined],
  ['1', leaving(500), undefined],
  ['1', leaving(1000, { hasHead: true }), undefined],
  ['0', leaving(300), 300],
  ['0', leaving(1500), undefined],
])('of %j seconds for the answer to begin, when one leaves as %j', (header, how, expected) => {
  expect(overdue({ 'x-stainless-timeout': header }, how)).toBe(expected);
});

test('who announces nothing leaves of its own will', () => {
  expect(overdue({}, leaving(1e9))).toBeUndefined();
});
