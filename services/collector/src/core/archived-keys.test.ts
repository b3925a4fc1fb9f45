import { createKeys } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { treatmentOf } from './archived-keys.ts';

const { global } = createKeys({ shards: 1 });

test('a backup has the settings of people, and nothing that waits to be told', () => {
  expect(treatmentOf(global.alertChannels)).toBe('plain');
  expect(treatmentOf(global.alertRules)).toBe('plain');
  for (const key of [global.alertOutbox, global.alertOutboxOf('x'), global.alertDelivery('x')]) {
    expect(treatmentOf(key)).toBe('left-out');
  }
});
