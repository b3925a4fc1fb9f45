import { queryObjects } from 'node:v8';

import { expect, test } from 'vitest';

import { createSignal } from './signal.ts';

test('a wait ends with what it waits for, or with the signal, whichever is first', async () => {
  const signal = createSignal();
  await signal.or(Promise.resolve());
  expect(signal.isGiven()).toBe(false);
  await expect(signal.or(Promise.reject(new Error('away')))).rejects.toThrow('away');
  const never = new Promise<void>(() => undefined);
  const waits = [signal.or(never), signal.orAfter(1_000_000)];
  signal.give();
  await Promise.all(waits);
  await signal.or(never);
  expect(signal.isGiven()).toBe(true);
});

// Counting goes through all that the process holds, which other tests have filled.
test('a wait that is over leaves nothing with the signal', { timeout: 60_000 }, async () => {
  const signal = createSignal();
  const countPromises = () => queryObjects(Promise, { format: 'count' });
  const before = countPromises();
  for (let i = 0; i < 1000; i += 1) await signal.or(Promise.resolve());
  expect(countPromises() - before).toBeLessThan(100);
  expect(signal.isGiven()).toBe(false);
});
