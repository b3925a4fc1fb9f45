import { expect, test } from 'vitest';

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
