import type { HostSampledData, ModelsListedData } from '@llm-monitor/contracts/events';
import type { StoredHostPoint, StoredModelsPoint } from '@llm-monitor/contracts/redis';

/** What a host's series keeps of a sample. */
export function hostPoint(sample: Omit<HostSampledData, 'requests'>): StoredHostPoint {
  const { cpuPercent, memoryUsedBytes, memoryTotalBytes, gpus } = sample;
  const point = { cpuPercent, memoryUsedBytes, memoryTotalBytes };
  if (!gpus || gpus.length === 0) return point;
  const loads = known(gpus.map((gpu) => gpu.loadPercent));
  return {
    ...point,
    gpuPercent: loads.length === 0 ? null : sum(loads) / loads.length,
    vramUsedBytes: sumOfKnown(gpus.map((gpu) => gpu.vramUsedBytes)),
    vramTotalBytes: sumOfKnown(gpus.map((gpu) => gpu.vramTotalBytes)),
  };
}

/** What a host's series keeps of a server's models. */
export function modelsPoint({ loaded }: ModelsListedData, atMs: number): StoredModelsPoint {
  return {
    atMs,
    loaded: loaded.map(({ name, sizeBytes, vramBytes }) => ({
      ...{ name, memoryBytes: sizeBytes, vramBytes },
    })),
  };
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function sumOfKnown(values: readonly (number | null)[]): number | null {
  const all = known(values);
  return all.length === 0 ? null : sum(all);
}
