import { memoryPercent } from '../hosts/to-host.ts';
import { round } from '../round.ts';
import type { HostMinute } from './host-points.ts';
import type { HostMetric } from './metric-value.ts';
import type { SeriesPlan } from './series-plan.ts';

type ModelBytes = 'memoryBytes' | 'vramBytes';

/** Of a minute; undefined where nobody said. */
const VALUES: Record<HostMetric, (minute: HostMinute) => number | null | undefined> = {
  cpu_percent: ({ sample }) => sample?.cpuPercent,
  memory_percent: ({ sample }) =>
    sample && memoryPercent(sample.memoryUsedBytes, sample.memoryTotalBytes),
  memory_used_bytes: ({ sample }) => sample?.memoryUsedBytes,
  gpu_percent: ({ sample }) => sample?.gpuPercent,
  vram_used_bytes: ({ sample }) => sample?.vramUsedBytes,
  vram_total_bytes: ({ sample }) => sample?.vramTotalBytes,
  models_memory_bytes: (minute) => modelBytes(minute, 'memoryBytes'),
  models_vram_bytes: (minute) => modelBytes(minute, 'vramBytes'),
};

export function isHostMetric(metric: string): metric is HostMetric {
  return Object.hasOwn(VALUES, metric);
}

/** Means of the minutes in each step, over all hosts that they are of; null where there are none. */
export function hostValues(
  minutes: readonly HostMinute[],
  plan: SeriesPlan,
  metric: HostMetric,
): (number | null)[] {
  const stepMs = plan.stepSeconds * 1000;
  const firstMs = plan.startsMs[0] ?? 0;
  const sums = plan.startsMs.map(() => ({ sum: 0, count: 0 }));
  for (const minute of minutes) {
    const step = sums[Math.floor((minute.atMs - firstMs) / stepMs)];
    const value = VALUES[metric](minute);
    if (!step || value === null || value === undefined) continue;
    step.sum += value;
    step.count++;
  }
  return sums.map(({ sum, count }) => (count > 0 ? round(sum / count, 2) : null));
}

/** Of a server that holds nothing it is 0; of models whose size it does not say it is unknown. */
function modelBytes({ models }: HostMinute, which: ModelBytes): number | undefined {
  const held = [...models.values()].flatMap(({ loaded }) => loaded.map((model) => model[which]));
  if (models.size === 0 || held.includes(null)) return undefined;
  return held.reduce<number>((total, bytes) => total + (bytes ?? 0), 0);
}
