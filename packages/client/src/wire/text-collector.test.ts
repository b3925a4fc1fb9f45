import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, test } from 'vitest';

import { createTextCollector } from './text-collector.ts';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('what is kept of an answer that comes slowly does not keep the memory that all calls share', async () => {
  const collector = createTextCollector();
  const addPart = () => {
    const shared = Buffer.allocUnsafeSlow(64 * 1024);
    shared.write('é one ', 100);
    collector.add(shared.subarray(100, 107));
    return new WeakRef(shared.buffer);
  };
  const memory = [addPart(), addPart()];
  await nextTurn();
  collectGarbage();
  expect(memory.map((one) => one.deref())).toEqual([undefined, undefined]);
  expect(collector.text()).toBe('é one é one ');
});
