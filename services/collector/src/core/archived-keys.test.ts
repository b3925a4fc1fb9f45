import { createKeys } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { isCount, tagOf, treatmentOf } from './archived-keys.ts';

const { global } = createKeys({ shards: 1 });

test('a backup has the settings of people, and nothing that fires or waits to be told', () => {
  for (const key of [global.alertRules, global.alertRulesWritten, global.alertChannels]) {
    expect(treatmentOf(key), key).toBe('plain');
  }
  const { alertLease, alertStates, alertHandover, alertMemory, alertStatus, alertLog } = global;
  const { alertOutbox, alertOutboxOf, alertDelivery } = global;
  const own = [alertLease, alertStates, alertHandover, alertMemory, alertStatus, alertLog];
  for (const key of [...own, alertOutbox, alertOutboxOf('x'), alertDelivery('x')]) {
    expect(treatmentOf(key), key).toBe('left-out');
  }
});

test('a backup has nothing of who held what, and restoring takes it from nobody: two at a time stay refused', () => {
  for (const key of [global.rebuild, global.verdictLease, global.verdicts]) {
    expect(treatmentOf(key), key).toBe('left-out');
  }
  expect(treatmentOf(global.endedVerdicts)).toBe('plain');
});

test('what is no key of ours is left out', () => {
  for (const key of ['', 'evil', 's0:req', '{s0}']) expect(treatmentOf(key), key).toBe('left-out');
});

test('of a hash of counts all is added up but times', () => {
  expect(['n', 'd17', 'lu', 'sinceAtMs'].map(isCount)).toEqual([true, true, false, false]);
});

test('the tag of a key is what all keys of its shard begin with', () => {
  expect(tagOf('{s12}:req:app:{id}')).toBe('{s12}');
  expect(tagOf(global.alertChannels)).toBe('secret:{s0}');
});
