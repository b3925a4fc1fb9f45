import { expect, test } from 'vitest';

import { HOST_FRESH_MS } from './freshness.ts';
import type { HostState } from './host-state.ts';
import { systemOf, toHost } from './to-host.ts';

const NOW = 1_778_000_000_000;
const aHost = (name: string, seenAtMs: number, cpuPercent: number | null): HostState => ({
  name,
  host: {
    seenAtMs,
    skewMs: 0,
    sample: {
      ...{ host: name, cpuPercent, cpuCount: 4, memoryUsedBytes: 1e9, memoryTotalBytes: 3e9 },
      ...{ uptimeSeconds: 60, server: null },
    },
  },
});

test('the system is the preferred machine, though another was heard of later', () => {
  const hosts = [aHost('here', NOW - 50_000, 10), aHost('there', NOW - 1000, 90)];
  expect(systemOf(hosts, 'here', NOW)).toMatchObject({ cpu_percent: 10, memory_percent: 33.3 });
  expect(systemOf(hosts, 'unknown', NOW)).toMatchObject({ cpu_percent: 90 });
});

test('a machine that fell silent is no system', () => {
  const hosts = [aHost('here', NOW - 91_000, 10), aHost('there', NOW - 1000, null)];
  expect(systemOf(hosts, 'here', NOW)).toMatchObject({ cpu_percent: null, memory_used_bytes: 1e9 });
  expect(systemOf(hosts.slice(0, 1), 'here', NOW)).toEqual({
    cpu_percent: null,
    memory_percent: null,
    memory_used_bytes: null,
    memory_total_bytes: null,
  });
});

test('a machine of which only the models are known is shown with the rest unknown', () => {
  const list = { host: 'gpu', provider: 'ollama', serverAddress: '', models: [], loaded: [] };
  const host = toHost({ name: 'gpu', models: { seenAtMs: NOW - 5000, list } }, NOW);
  expect(host).toMatchObject({ online: true, cpu_percent: null, uptime: null, server: null });
});

const aBusyHost = (seenAtMs: number): HostState => ({
  name: 'gpu',
  models: {
    seenAtMs,
    list: {
      ...{ host: 'gpu', provider: 'ollama', serverAddress: '127.0.0.1:11434' },
      models: [],
      loaded: [{ name: 'm', sizeBytes: 3, vramBytes: 2, expiresAt: null, contextLength: 4096 }],
    },
  },
  host: {
    seenAtMs,
    skewMs: 0,
    sample: {
      ...{ host: 'gpu', cpuPercent: 50, cpuCount: 4, memoryUsedBytes: 1e9, memoryTotalBytes: 2e9 },
      uptimeSeconds: 60,
      gpus: [
        {
          ...{ name: 'RTX', loadPercent: 90, vramUsedBytes: 5e9, vramTotalBytes: 8e9 },
          ...{ powerWatts: 120.5, temperatureCelsius: null },
        },
      ],
      server: {
        ...{ provider: 'ollama', address: '127.0.0.1:11434', reachable: true, version: '0.9.0' },
        processes: { count: 2, cpuPercent: 310.5, memoryBytes: 4e9 },
      },
      unseenActivity: { since: '2026-05-10T12:00:00Z', model: 'm', evidence: 'gpu' },
    },
  },
});

test('a machine is shown with its GPUs, the processes of its server, and who is past the monitor', () => {
  expect(toHost(aBusyHost(NOW - HOST_FRESH_MS), NOW)).toEqual({
    ...{ name: 'gpu', online: true, last_seen: new Date(NOW - HOST_FRESH_MS).toISOString() },
    ...{ cpu_percent: 50, cpu_count: 4, uptime: 60, clock_skew: 0 },
    ...{ memory_percent: 50, memory_used_bytes: 1e9, memory_total_bytes: 2e9 },
    gpus: [
      {
        ...{ name: 'RTX', load_percent: 90, vram_used_bytes: 5e9, vram_total_bytes: 8e9 },
        ...{ power_watts: 120.5, temperature_celsius: null },
      },
    ],
    server: {
      ...{ provider: 'ollama', address: '127.0.0.1:11434', reachable: true, version: '0.9.0' },
      processes: { count: 2, cpu_percent: 310.5, memory_bytes: 4e9 },
    },
    unseen_activity: { since: '2026-05-10T12:00:00Z', model: 'm', evidence: 'gpu' },
    models_available: [],
    models_loaded: [
      { name: 'm', size_bytes: 3, vram_bytes: 2, expires_at: null, context_length: 4096 },
    ],
  });
});

test('of a machine whose agent fell silent nothing is claimed that changes by itself', () => {
  expect(toHost(aBusyHost(NOW - HOST_FRESH_MS - 1), NOW)).toMatchObject({
    ...{ online: false, cpu_percent: null, memory_percent: null, memory_used_bytes: null },
    ...{ uptime: null, gpus: null, unseen_activity: null, models_loaded: [], models_available: [] },
    ...{ cpu_count: 4, memory_total_bytes: 2e9 },
    server: { reachable: false, version: '0.9.0', processes: null },
  });
});
