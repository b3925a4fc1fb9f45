import type { HostSampledData } from '@llm-monitor/contracts/events';
import type { Host, SystemStatus } from '@llm-monitor/contracts/rest';

import { round } from '../round.ts';
import type { HostState } from './host-state.ts';

/** An agent that was not heard of for longer counts as away, and what it last said as unknown. */
export const HOST_FRESH_MS = 90_000;

const isFresh = (seenAtMs: number | undefined, nowMs: number): boolean =>
  seenAtMs !== undefined && nowMs - seenAtMs <= HOST_FRESH_MS;

const lastSeenMs = ({ host, models }: HostState): number =>
  Math.max(host?.seenAtMs ?? 0, models?.seenAtMs ?? 0);

export function isOnline(state: HostState, nowMs: number): boolean {
  return isFresh(lastSeenMs(state), nowMs);
}

export function toHost(state: HostState, nowMs: number): Host {
  const sample = state.host?.sample;
  const list = state.models?.list;
  return {
    name: state.name,
    online: isOnline(state, nowMs),
    last_seen: new Date(lastSeenMs(state)).toISOString(),
    ...toSystem(state),
    cpu_count: sample?.cpuCount ?? null,
    uptime: sample?.uptimeSeconds ?? null,
    clock_skew: round((state.host?.skewMs ?? 0) / 1000, 3),
    server: toServer(sample?.server),
    gpus: sample?.gpus ? sample.gpus.map(toGpu) : null,
    unseen_activity: sample?.unseenActivity ?? null,
    models_available: (list?.models ?? []).map((model) => model.name),
    models_loaded: (list?.loaded ?? []).map((model) => ({
      name: model.name,
      size_bytes: model.sizeBytes,
      vram_bytes: model.vramBytes,
      expires_at: model.expiresAt,
      context_length: model.contextLength,
    })),
  };
}

function toServer(server: HostSampledData['server'] | undefined): Host['server'] {
  if (!server) return null;
  const { provider, address, reachable, version, processes } = server;
  return {
    ...{ provider, address, reachable, version },
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
  return toSystem(fresh.find(({ name }) => name === preferred) ?? latest);
}

function toSystem(state: HostState | undefined): SystemStatus {
  const { cpuPercent, memoryUsedBytes, memoryTotalBytes } = state?.host?.sample ?? {};
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
