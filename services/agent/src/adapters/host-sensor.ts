import { cpus, platform, release, type, uptime } from 'node:os';

import type { HostSampledData } from '@llm-monitor/contracts/events';
import { mem } from 'systeminformation';

import { createCpuLoad } from '../core/cpu-load.ts';

/** What the machine says of itself. */
export type HostReading = Omit<
  HostSampledData,
  'host' | 'server' | 'gpus' | 'unseenActivity' | 'requests'
>;

/** Reads CPU, memory and uptime of this machine. */
export interface HostSensor {
  read(): Promise<HostReading>;
}

/**
 * Takes load and uptime from Node and not from `systeminformation`, which starts a shell for each and waits for it: calls that pass
 * through the proxy stood still meanwhile.
 */
export function createHostSensor(): HostSensor {
  const loadOf = createCpuLoad({ irqWithinSys: platform() === 'win32' });
  loadOf(cpus());
  return {
    async read() {
      const memory = await mem().catch(() => undefined);
      const cores = cpus();
      const load = loadOf(cores);
      return {
        cpuPercent: load === null ? null : Math.round(load * 10) / 10,
        cpuCount: cores.length || null,
        // Without what the system would give back at once (page cache): that is what people call used.
        memoryUsedBytes: memory ? memory.active : null,
        memoryTotalBytes: memory ? memory.total : null,
        uptimeSeconds: Math.round(uptime()) || null,
        platform: `${type()} ${release()}`,
      };
    },
  };
}
