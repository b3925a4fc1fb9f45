import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

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

test('a wait that is over leaves nothing with the signal', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const signal = createSignal();
  const waitOnce = async () => {
    const wait = signal.or(Promise.resolve());
    await wait;
    return new WeakRef(wait);
  };
  const waits = await Promise.all(Array.from({ length: 100 }, waitOnce));
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(waits.filter((wait) => wait.deref() !== undefined).length).toBeLessThan(10);
  expect(signal.isGiven()).toBe(false);
});
