import { expect, test } from 'vitest';

import { announcedTimeoutMs } from './announced-timeout.ts';

test.each([
  ['1500', 1500],
  ['1.5', 1.5],
  ['0', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['Infinity', undefined],
  [undefined, undefined],
])('%j announces %s ms', (header, expected) => {
  expect(announcedTimeoutMs(header ? { 'x-llm-monitor-timeout-ms': header } : {})).toBe(expected);
});
