import type { HostSampledData, ModelsListedData } from '@llm-monitor/contracts/events';
import type { Host, SystemStatus } from '@llm-monitor/contracts/rest';

import { round } from '../round.ts';
import { isFresh, lastSeenMs } from './freshness.ts';
import type { HostState } from './host-state.ts';
import { currentList } from './listed-models.ts';

/** Of a machine whose agent fell silent, only what does not change by itself. */
export function toHost(state: HostState, nowMs: number): Host {
  const known = state.host?.sample;
  const sample = isFresh(state.host?.seenAtMs, nowMs) ? known : undefined;
  return {
    name: state.name,
    online: isFresh(lastSeenMs(state), nowMs),
    last_seen: new Date(lastSeenMs(state)).toISOString(),
    ...toSystem(sample),
    memory_total_bytes: known?.memoryTotalBytes ?? null,
    cpu_count: known?.cpuCount ?? null,
    uptime: sample?.uptimeSeconds ?? null,
    clock_skew: round((state.host?.skewMs ?? 0) / 1000, 3),
    server: toServer(known?.server, sample !== undefined),
    gpus: sample?.gpus?.map(toGpu) ?? null,
    unseen_activity: sample?.unseenActivity ?? null,
    ...toModels(currentList(state, nowMs)),
  };
}

function toModels(
  list: ModelsListedData | undefined,
): Pick<Host, 'models_available' | 'models_loaded'> {
  return {
    models_available: [...new Set(list?.models.map((model) => model.name))].sort(),
    models_loaded: (list?.loaded ?? []).toSorted(byName).map((model) => ({
      name: model.name,
      size_bytes: model.sizeBytes,
      vram_bytes: model.vramBytes,
      expires_at: model.expiresAt,
      context_length: model.contextLength,
    })),
  };
}

// Servers of one machine say what they have in turn: the order must not follow that.
const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

function toServer(
  server: HostSampledData['server'] | undefined,
  isHeardOf: boolean,
): Host['server'] {
  if (!server) return null;
  const { provider, address, version } = server;
  const processes = isHeardOf ? server.processes : undefined;
  return {
    ...{ provider, address, version, reachable: isHeardOf && server.reachable },
    processes: processes
      ? {
          count: processes.count,
          cpu_percent: processes.cpuPercent,
          memory_bytes: processes.memoryBytes,
        }
      : null,
  };
}

type Gpu = NonNullable<HostSampledData['gpus']>[number];

const toGpu = (gpu: Gpu): NonNullable<Host['gpus']>[number] => ({
  name: gpu.name,
  load_percent: gpu.loadPercent,
  vram_used_bytes: gpu.vramUsedBytes,
  vram_total_bytes: gpu.vramTotalBytes,
  power_watts: gpu.powerWatts,
  temperature_celsius: gpu.temperatureCelsius,
});

/**
 * The figures of the machine called `preferred`, else of the one heard of last; all null when none was heard of lately.
 */
export function systemOf(
  states: readonly HostState[],
  preferred: string | undefined,
  nowMs: number,
): SystemStatus {
  const fresh = states.filter(({ host }) => isFresh(host?.seenAtMs, nowMs));
  const latest = fresh.toSorted((a, b) => (b.host?.seenAtMs ?? 0) - (a.host?.seenAtMs ?? 0))[0];
  return toSystem((fresh.find(({ name }) => name === preferred) ?? latest)?.host?.sample);
}

function toSystem(sample: HostSampledData | undefined): SystemStatus {
  const { cpuPercent, memoryUsedBytes, memoryTotalBytes } = sample ?? {};
  return {
    cpu_percent: cpuPercent ?? null,
    memory_percent: memoryPercent(memoryUsedBytes, memoryTotalBytes),
    memory_used_bytes: memoryUsedBytes ?? null,
    memory_total_bytes: memoryTotalBytes ?? null,
  };
}

/** Used of total; null where either is unknown. */
export function memoryPercent(
  usedBytes: number | null | undefined,
  totalBytes: number | null | undefined,
): number | null {
  return usedBytes != null && totalBytes ? round((100 * usedBytes) / totalBytes, 1) : null;
}
