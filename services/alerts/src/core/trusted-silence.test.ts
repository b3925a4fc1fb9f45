import { expect, test } from 'vitest';

import { trustedSilenceMs } from './trusted-silence.ts';

test('nobody was silent for longer than was listened, or in what was not collected yet', () => {
  const trusted = { untilMs: 100_000, forMs: 30_000 };
  expect(trustedSilenceMs(80_000, trusted)).toBe(20_000);
  expect(trustedSilenceMs(10_000, trusted)).toBe(30_000);
  expect(trustedSilenceMs(120_000, trusted)).toBe(0);
});
