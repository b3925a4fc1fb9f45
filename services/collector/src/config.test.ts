import { readConfig } from '@llm-monitor/runtime';
import { expect, test } from 'vitest';

import { CollectorConfig } from './config.ts';

test('a time that no timer takes is refused: it would count as none', () => {
  for (const name of ['ACK_WAIT_MS', 'SWEEP_INTERVAL_MS', 'PRUNE_INTERVAL_MS']) {
    expect(() => readConfig(CollectorConfig, { [name]: String(2 ** 31) })).toThrow(name);
  }
  // A lease is none.
  expect(readConfig(CollectorConfig, { LEASE_MS: String(2 ** 40) })).toMatchObject({
    LEASE_MS: 2 ** 40,
  });
});
