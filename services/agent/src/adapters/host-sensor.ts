import { cpus, release, type } from 'node:os';

import type { HostSampledData } from '@llm-monitor/contracts/events';
import { currentLoad, mem, time } from 'systeminformation';

/** What the machine says of itself. */
export type HostReading = Omit<
  HostSampledData,
  'host' | 'server' | 'gpus' | 'unseenActivity' | 'requests'
>;

/** Reads CPU, memory and uptime of this machine, by the cheap calls only: no program is started. */
export interface HostSensor {
  read(): Promise<HostReading>;
}

export async function createHostSensor(): Promise<HostSensor> {
  // The first reading of the load covers all time since boot: it is taken here and thrown away.
  await currentLoad();
  return {
    async read() {
      const [load, memory] = await Promise.all([known(currentLoad()), known(mem())]);
      return {
        cpuPercent: load ? round(load.currentLoad) : null,
        cpuCount: cpus().length || null,
        // Without what the system would give back at once (page cache): that is what people call used.
        memoryUsedBytes: memory ? memory.active : null,
        memoryTotalBytes: memory ? memory.total : null,
        uptimeSeconds: Math.round(Number(time().uptime)) || null,
        platform: `${type()} ${release()}`,
      };
    },
  };
}

async function known<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch(() => undefined);
}

function round(percent: number): number | null {
  return Number.isFinite(percent) ? Math.round(percent * 10) / 10 : null;
}
