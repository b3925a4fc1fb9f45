import { expect, test } from 'vitest';

import { bundleSizes } from '../bench/ui/bundle-sizes.ts';

test.each(bundleSizes())('$what weighs no more than $budget kB on the wire', (size) => {
  expect(size.bytes).toBeGreaterThan(0);
  expect(size.bytes / 1000).toBeLessThanOrEqual(size.budget);
});
