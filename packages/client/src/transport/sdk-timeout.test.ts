import { expect, test } from 'vitest';

import { sdkTimeout } from './sdk-timeout.ts';

test.each([
  [1000, 999],
  [1000, 1001],
  // A time-out of 1.9 s is told as 1 s.
  [1000, 1900],
  // And one of 0.3 s as 0.
  [0, 300],
])('an abort without an answer is a time-out when %i ms are over after %i', (timeout, elapsed) => {
  expect(sdkTimeout(timeout, elapsed, 5)).toMatchObject({ outcome: 'timeout', atMs: 5 });
});

test.each([
  [undefined, 1000],
  [1000, 500],
  [1000, 2500],
  [0, 1100],
])('with a time-out of %s ms an abort after %i is the app’s own', (timeout, elapsed) => {
  expect(sdkTimeout(timeout, elapsed, 5)).toBeUndefined();
});
