import { describe, expect, test } from 'vitest';

import { cpuPercentBetween, createUsageMeter, type ProcessReading } from './process-usage.ts';

const T = 1_778_000_000_000;
const aProcess = (pid: number, cpuMs: number, startedAtMs = T - 60_000): ProcessReading => ({
  pid,
  startedAtMs,
  cpuMs,
  memoryBytes: 1000,
});

describe('the usage of a server', () => {
  test('is the time that its processes took between two looks, of all of them together', () => {
    const meter = createUsageMeter();
    const first = meter.add([aProcess(1, 5000), aProcess(2, 7000)], T);
    const second = meter.add([aProcess(1, 5500), aProcess(2, 8500)], T + 2000);
    expect(second).toMatchObject({ count: 2, memoryBytes: 2000 });
    expect(cpuPercentBetween(first, second!)).toBe(100);
  });

  test('does not fall when a runner ends, and counts all that a new one did', () => {
    const meter = createUsageMeter();
    const first = meter.add([aProcess(1, 0), aProcess(2, 60_000)], T)!;
    const second = meter.add([aProcess(1, 100)], T + 1000)!;
    const third = meter.add([aProcess(1, 100), aProcess(3, 900, T + 1500)], T + 2000)!;
    expect(second.cpuMs - first.cpuMs).toBe(100);
    expect(third.cpuMs - second.cpuMs).toBe(900);
  });

  test('leaves out what an old process did before it was first looked at', () => {
    const meter = createUsageMeter();
    const first = meter.add([aProcess(1, 0)], T)!;
    const second = meter.add([aProcess(1, 0), aProcess(2, 3_600_000)], T + 1000)!;
    expect(second.cpuMs - first.cpuMs).toBe(0);
  });

  test('takes another process with the same pid for another', () => {
    const meter = createUsageMeter();
    const first = meter.add([aProcess(1, 90_000)], T)!;
    const second = meter.add([aProcess(1, 200, T + 500)], T + 1000)!;
    expect(second.cpuMs - first.cpuMs).toBe(200);
  });

  test('is unknown without processes, and its load at the first look', () => {
    const meter = createUsageMeter();
    expect(meter.add([], T)).toBeUndefined();
    expect(cpuPercentBetween(undefined, meter.add([aProcess(1, 5)], T)!)).toBeNull();
  });
});
