import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { collectGarbage } from '../collect-garbage.test-support.ts';
import { createTextCollector } from './text-collector.ts';

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
