import type { StoredHostPoint } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import type { HostMinute } from './host-points.ts';
import { hostValues, isHostMetric } from './host-values.ts';

const MINUTE_MS = 60_000;
const plan = {
  ...{ stepSeconds: 120, unit: 'minute' as const },
  startsMs: [0, 1, 2].map((step) => 600_000 + step * 2 * MINUTE_MS),
};
type Models = { memoryBytes: number | null; vramBytes: number | null }[];

function minute(of: number, sample?: Partial<StoredHostPoint>, servers: Models[] = []): HostMinute {
  const nothing = { cpuPercent: null, memoryUsedBytes: null, memoryTotalBytes: null };
  return {
    ...{ host: 'box', atMs: 600_000 + of * MINUTE_MS },
    ...(sample ? { sample: { ...nothing, ...sample } } : {}),
    models: new Map(
      servers.map((models, at) => [
        `server-${at}`,
        { atMs: 0, loaded: models.map((one) => ({ name: 'm', ...one })) },
      ]),
    ),
  };
}

test('a step has the mean of its minutes, of whatever host, and none where nobody said', () => {
  const minutes = [
    minute(-1, { cpuPercent: 99 }),
    minute(0, { cpuPercent: 10 }),
    minute(1, { cpuPercent: 20 }),
    minute(1, { cpuPercent: 33 }),
    minute(2, { cpuPercent: null }),
    minute(3),
    minute(4, { cpuPercent: 0 }),
    minute(6, { cpuPercent: 99 }),
  ];
  expect(hostValues(minutes, plan, 'cpu_percent')).toEqual([21, null, 0]);
});

test('memory is a part of all there is, where both are known', () => {
  const memory = (memoryUsedBytes: number | null, memoryTotalBytes: number | null) =>
    hostValues([minute(0, { memoryUsedBytes, memoryTotalBytes })], plan, 'memory_percent')[0];
  expect([memory(1, 4), memory(null, 4), memory(1, null), memory(0, 4)]).toEqual([
    ...[25, null, null, 0],
  ]);
});

test('each figure of a sample is its own', () => {
  const sample = {
    ...{ memoryUsedBytes: 1, memoryTotalBytes: 2, gpuPercent: 3 },
    ...{ vramUsedBytes: 4, vramTotalBytes: 5 },
  };
  const of = (metric: Parameters<typeof hostValues>[2]) =>
    hostValues([minute(0, sample)], plan, metric)[0];
  expect([
    ...[of('memory_used_bytes'), of('gpu_percent'), of('vram_used_bytes'), of('vram_total_bytes')],
  ]).toEqual([1, 3, 4, 5]);
});

test('models take what all servers hold, nothing where they hold nothing, and it is unknown where one does not say', () => {
  const of = (servers: Models[], metric: 'models_memory_bytes' | 'models_vram_bytes') =>
    hostValues([minute(0, undefined, servers)], plan, metric)[0];
  const some = [
    [
      { memoryBytes: 5, vramBytes: 3 },
      { memoryBytes: 2, vramBytes: 0 },
    ],
    [{ memoryBytes: 10, vramBytes: 8 }],
  ];
  expect(of(some, 'models_memory_bytes')).toBe(17);
  expect(of(some, 'models_vram_bytes')).toBe(11);
  expect(of([[]], 'models_memory_bytes')).toBe(0);
  expect(of([], 'models_memory_bytes')).toBeNull();
  const silent = [...some, [{ memoryBytes: null, vramBytes: 1 }]];
  expect(of(silent, 'models_memory_bytes')).toBeNull();
  expect(of(silent, 'models_vram_bytes')).toBe(12);
});

test('metrics of hosts are told from others, also from what every object has', () => {
  expect(['cpu_percent', 'requests', 'constructor'].map(isHostMetric)).toEqual([
    ...[true, false, false],
  ]);
});
