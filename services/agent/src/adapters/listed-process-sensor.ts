import { cpus } from 'node:os';

import { processes } from 'systeminformation';

import { isDue } from '../core/is-due.ts';
import { onlyServer } from '../core/server-names.ts';
import type { ProcessSensor } from './process-sensor.ts';

/** A program makes the list: in a moment, but on Windows it takes a second of a core. */
const LIST_EVERY_MS = 10_000;
const LIST_EVERY_MS_ON_WINDOWS = 60_000;

/** The list tells a load and no time: the time is what the load comes to. */
interface Listed {
  load: number;
  memoryBytes: number;
  cpuMs: number;
  atMs: number;
}

/** Where there is no /proc: the only server that the system's list of processes shows by its name. */
export function createListedProcessSensor(platform: string): ProcessSensor {
  const isWindows = platform === 'win32';
  const everyMs = isWindows ? LIST_EVERY_MS_ON_WINDOWS : LIST_EVERY_MS;
  // Windows counts all cores as 100.
  const cores = isWindows ? cpus().length : 1;
  let listedAtMs = -Infinity;
  let listing: Promise<void> | undefined;
  let known = new Map<number, Listed>();

  const cpuMsAt = ({ cpuMs, load, atMs }: Listed, nowMs: number) =>
    cpuMs + load * Math.max(0, nowMs - atMs);
  const list = async (nowMs: number) => {
    listedAtMs = nowMs;
    const { list: all } = await processes().catch(() => ({ list: [] }));
    const servers = new Set(onlyServer(all).map(({ pid }) => pid));
    const next: typeof known = new Map();
    for (const { pid, cpu, memRss } of all) {
      if (!servers.has(pid)) continue;
      const before = known.get(pid);
      const cpuMs = before ? cpuMsAt(before, nowMs) : 0;
      const load = (cpu / 100) * cores;
      next.set(pid, { load, memoryBytes: memRss * 1024, cpuMs, atMs: nowMs });
    }
    known = next;
  };

  return {
    async read(nowMs) {
      if (isDue(nowMs, listedAtMs, everyMs)) {
        listing ??= list(nowMs).finally(() => (listing = undefined));
        await listing;
      }
      return [...known].map(([pid, one]) => ({
        pid,
        // What it says of a start is a guess that wanders.
        startedAtMs: 0,
        cpuMs: cpuMsAt(one, nowMs),
        memoryBytes: one.memoryBytes,
      }));
    },
  };
}
