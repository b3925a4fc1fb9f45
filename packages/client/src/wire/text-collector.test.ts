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

test('of a long text the end is kept, and up to 1 MiB all of it', () => {
  const MIB = 1024 * 1024;
  const collector = createTextCollector();
  for (let part = 0; part < 16; part += 1) collector.add(Buffer.alloc(MIB / 16, 'x'));
  expect([collector.isComplete(), collector.text().length]).toEqual([true, MIB]);
  collector.add(Buffer.from('the end'));
  expect(collector.isComplete()).toBe(false);
  expect(collector.text()).toMatch(/^x{16377}the end$/);
  for (let part = 0; part < 32; part += 1) collector.add(Buffer.alloc(MIB / 16, 'y'));
  expect(collector.text().length).toBeLessThanOrEqual(MIB);
  expect(collector.text()).toMatch(/y{16384}$/);
});
