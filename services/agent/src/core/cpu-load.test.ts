import { expect, test } from 'vitest';

import { createCpuLoad, type CoreTimes } from './cpu-load.ts';

const core = (times: Partial<CoreTimes>) => ({
  times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0, ...times },
});

test('tells how busy all cores were since the last look', () => {
  const load = createCpuLoad({ irqWithinSys: false });
  expect(load([core({ user: 9000, idle: 1000 }), core({ idle: 10_000 })])).toBeNull();
  const next = [
    core({ user: 9100, nice: 50, sys: 40, irq: 10, idle: 1800 }),
    core({ idle: 11_000 }),
  ];
  expect(load(next)).toBeCloseTo(10);
});

test('interrupts count once where the system counts them twice', () => {
  const load = createCpuLoad({ irqWithinSys: true });
  load([core({})]);
  expect(load([core({ sys: 500, irq: 200, idle: 500 })])).toBeCloseTo(50);
});

test('a look right after another tells the same, and leaves the time to the next', () => {
  const load = createCpuLoad({ irqWithinSys: false });
  load([core({})]);
  expect(load([core({ user: 500, idle: 500 })])).toBeCloseTo(50);
  expect(load([core({ user: 600, idle: 500 })])).toBeCloseTo(50);
  expect(load([core({ user: 1000, idle: 500 })])).toBeCloseTo(100);
});

test('what cannot be told is not told: no cores, and cores that have gone', () => {
  const load = createCpuLoad({ irqWithinSys: false });
  expect(load([])).toBeNull();
  load([core({ user: 5000, idle: 5000 }), core({ user: 5000, idle: 5000 })]);
  expect(load([core({ user: 5500, idle: 5500 })])).toBeNull();
  expect(load([core({ user: 6000, idle: 5500 })])).toBeCloseTo(100);
});
