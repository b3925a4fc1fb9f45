import { readConfig } from '@llm-monitor/runtime';
import { expect, test } from 'vitest';

import { CollectorConfig } from './config.ts';

test('a time that no timer takes is refused: it would count as none', () => {
  for (const name of ['ACK_WAIT_MS', 'STALL_MS', 'DEFAULT_LEASE_MS', 'REPLAY_AFTER_FAILOVER_MS']) {
    expect(() => readConfig(CollectorConfig, { [name]: String(2 ** 31) })).toThrow(name);
  }
});
