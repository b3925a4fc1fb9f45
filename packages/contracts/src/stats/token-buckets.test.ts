import { expect, test } from 'vitest';

import { TOKEN_BOUNDS, tokenBucketOf } from './token-buckets.ts';

test('a number of tokens is in the first bucket whose bound is not below it', () => {
  expect(TOKEN_BOUNDS.at(-1)).toBe(67_108_864);
  for (const [i, bound] of TOKEN_BOUNDS.entries()) {
    expect(tokenBucketOf(bound)).toBe(i);
    expect(tokenBucketOf(bound + 1)).toBe(i + 1);
  }
  expect(tokenBucketOf(0)).toBe(0);
});
