import { HostSampledData } from '@llm-monitor/contracts/events';
import type { Systeminformation } from 'systeminformation';
import { Value } from '@llm-monitor/contracts/typebox/value';
import { describe, expect, test } from 'vitest';

import { gpuOfAmd, gpusOfControllers, gpusOfNvidia, type Gpu } from './gpus.ts';

const MIB = 1024 * 1024;
const aController = (
  fields: Partial<Systeminformation.GraphicsControllerData>,
): Systeminformation.GraphicsControllerData => ({
  ...{ vendor: '', model: '', bus: '', vram: null, vramDynamic: false },
  ...fields,
});
const isValid = (gpus: Gpu[]) => Value.Check(HostSampledData.properties.gpus, gpus);

describe('the graphics controllers of systeminformation', () => {
  test('become GPUs with what nvidia-smi told of them', () => {
    const gpus = gpusOfControllers([
      aController({
        ...{ vendor: 'NVIDIA Corporation', model: 'AD102 [GeForce RTX 4090]', bus: 'PCIe' },
        ...{ vram: 24_564, name: 'NVIDIA GeForce RTX 4090', memoryTotal: 24_564 },
        ...{ memoryUsed: 5000, memoryFree: 19_564, utilizationGpu: 87, temperatureGpu: 61 },
        ...{ powerDraw: 312.45 },
      }),
    ]);
    expect(gpus).toEqual([
      {
        name: 'NVIDIA GeForce RTX 4090',
        loadPercent: 87,
        vramUsedBytes: 5000 * MIB,
        vramTotalBytes: 24_564 * MIB,
        powerWatts: 312.45,
        temperatureCelsius: 61,
      },
    ]);
    expect(isValid(gpus)).toBe(true);
  });

  test('of an Apple machine have a name and no figures, since it tells none', () => {
    const gpus = gpusOfControllers([
      aController({
        ...{
          vendor: 'Apple',
          model: 'Apple M3 Max',
          bus: 'Built-In',
          vramDynamic: true,
          cores: 40,
        },
      }),
    ]);
    expect(gpus).toEqual([
      {
        name: 'Apple M3 Max',
        loadPercent: null,
        vramUsedBytes: null,
        vramTotalBytes: null,
        powerWatts: null,
        temperatureCelsius: null,
      },
    ]);
    expect(isValid(gpus)).toBe(true);
  });

  test('that only serve a screen are none', () => {
    const screens = [
      aController({ vendor: 'ASPEED Technology, Inc.', model: 'ASPEED Graphics Family' }),
      aController({ vendor: 'Cirrus Logic', model: 'GD 5446', vram: 32 }),
      aController({ vendor: 'VMware', model: 'SVGA II Adapter' }),
      aController({ busAddress: '00:02.0' }),
    ];
    expect(gpusOfControllers(screens)).toEqual([]);
  });
});

describe('the answer of nvidia-smi', () => {
  test('is read a GPU a line; what a GPU does not tell is null, and nothing to do is 0', () => {
    const gpus = gpusOfNvidia(
      'NVIDIA GeForce RTX 3090, 0, 1, 24576, 21.53, 34\nNVIDIA GB10, 12, [N/A], [N/A], 8.20, 40\n',
    );
    expect(gpus).toMatchObject([
      { name: 'NVIDIA GeForce RTX 3090', loadPercent: 0, vramUsedBytes: MIB, powerWatts: 21.53 },
      { name: 'NVIDIA GB10', loadPercent: 12, vramUsedBytes: null, vramTotalBytes: null },
    ]);
    expect(isValid(gpus)).toBe(true);
  });

  test('that is no answer names no GPU', () => {
    expect(gpusOfNvidia('No devices were found\n')).toEqual([]);
    expect(gpusOfNvidia('')).toEqual([]);
  });
});

test('the files of the amdgpu driver are read in its units', () => {
  const gpu = gpuOfAmd({
    ...{ name: 'AMD 0x744c', gpu_busy_percent: '99\n', mem_info_vram_used: '21474836480\n' },
    ...{ mem_info_vram_total: '25753026560\n', power1_average: '310000000\n' },
    temp1_input: '64000\n',
  });
  expect(gpu).toEqual({
    name: 'AMD 0x744c',
    loadPercent: 99,
    vramUsedBytes: 21_474_836_480,
    vramTotalBytes: 25_753_026_560,
    powerWatts: 310,
    temperatureCelsius: 64,
  });
  expect(isValid([gpu])).toBe(true);
});
