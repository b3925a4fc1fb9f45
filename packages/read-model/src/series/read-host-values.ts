import type { StoredHostPoint } from '@llm-monitor/contracts/redis';

import { memoryPercent } from '../hosts/to-host.ts';
import { readMany, type Store } from '../store.ts';
import type { HostMetric } from './metric-value.ts';
import type { SeriesPlan } from './series-plan.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const VALUES: Record<HostMetric, (point: StoredHostPoint) => number | null> = {
  cpu_percent: (point) => point.cpuPercent,
  memory_percent: (point) => memoryPercent(point.memoryUsedBytes, point.memoryTotalBytes),
  memory_used_bytes: (point) => point.memoryUsedBytes,
};

/** Means of the samples in each step, of one machine or over all of them; null where there are none. */
export async function readHostValues(
  store: Store,
  plan: SeriesPlan,
  metric: HostMetric,
  host: string | undefined,
): Promise<(number | null)[]> {
  const hosts = host === undefined ? await store.redis.hkeys(store.keys.global.hosts) : [host];
  const stepMs = plan.stepSeconds * 1000;
  const firstMs = plan.startsMs[0] ?? 0;
  const lastMs = (plan.startsMs.at(-1) ?? 0) + stepMs;
  const sums = plan.startsMs.map(() => ({ sum: 0, count: 0 }));
  for (const { atMs, point } of await readPoints(store, hosts, firstMs, lastMs)) {
    const step = sums[Math.floor((atMs - firstMs) / stepMs)];
    const value = VALUES[metric](point);
    if (!step || value === null) continue;
    step.sum += value;
    step.count++;
  }
  return sums.map(({ sum, count }) => (count > 0 ? Math.round((100 * sum) / count) / 100 : null));
}

async function readPoints(
  store: Store,
  hosts: readonly string[],
  firstMs: number,
  lastMs: number,
): Promise<{ atMs: number; point: StoredHostPoint }[]> {
  const hours: number[] = [];
  for (let hour = Math.floor(firstMs / HOUR_MS); hour * HOUR_MS < lastMs; hour++) hours.push(hour);
  const hashes = await readMany(
    store.redis,
    hosts.flatMap((host) =>
      hours.map((hour) => ['hgetall', store.keys.global.hostSeries(host, hour)] as const),
    ),
  );
  return hashes.flatMap((hash) =>
    Object.entries(hash as Record<string, string>).map(([minute, text]) => ({
      atMs: Number(minute) * MINUTE_MS,
      point: JSON.parse(text) as StoredHostPoint,
    })),
  );
}
