import { expect, test } from 'vitest';

import { hostPoint, modelsPoint } from './series-points.ts';

const sample = {
  ...{ host: 'here', cpuPercent: 12, cpuCount: 8, memoryUsedBytes: 1, memoryTotalBytes: 2 },
  ...{ uptimeSeconds: 3, server: null },
};
const gpu = { name: 'GPU', powerWatts: null, temperatureCelsius: null };

test('a host without GPUs has no figures of them', () => {
  const point = { cpuPercent: 12, memoryUsedBytes: 1, memoryTotalBytes: 2 };
  expect(hostPoint(sample)).toEqual(point);
  expect(hostPoint({ ...sample, gpus: [] })).toEqual(point);
});

test('of several GPUs the mean load and all of their memory is kept, as far as they say it', () => {
  const gpus = [
    { ...gpu, loadPercent: 20, vramUsedBytes: 1e9, vramTotalBytes: 8e9 },
    { ...gpu, loadPercent: 60, vramUsedBytes: 2e9, vramTotalBytes: 8e9 },
    { ...gpu, loadPercent: null, vramUsedBytes: null, vramTotalBytes: null },
  ];
  expect(hostPoint({ ...sample, gpus })).toMatchObject({
    ...{ gpuPercent: 40, vramUsedBytes: 3e9, vramTotalBytes: 16e9 },
  });
  expect(hostPoint({ ...sample, gpus: gpus.slice(2) })).toMatchObject({
    ...{ gpuPercent: null, vramUsedBytes: null, vramTotalBytes: null },
  });
});

test('of the models in memory their size is kept, and when they were seen', () => {
  const loaded = [
    { name: 'phi3', sizeBytes: 3e9, vramBytes: 2e9, expiresAt: null, contextLength: 4096 },
  ];
  const list = { host: 'here', provider: 'ollama', serverAddress: 'x', models: [], loaded };
  expect(modelsPoint(list, 5)).toEqual({
    atMs: 5,
    loaded: [{ name: 'phi3', memoryBytes: 3e9, vramBytes: 2e9 }],
  });
});
