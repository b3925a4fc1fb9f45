/** One process at one moment. */
export interface ProcessReading {
  pid: number;
  startedAtMs: number;
  cpuMs: number;
  memoryBytes: number;
}

/** What the processes of a server took together. Two of these give a load. */
export interface Usage {
  atMs: number;
  count: number;
  /** CPU time of all of them since they were first looked at. Never falls, whoever of them ends. */
  cpuMs: number;
  memoryBytes: number;
}

/** Start times are known to a hundredth of a second, and boot time to about as much. */
const START_TOLERANCE_MS = 1000;

/** Adds up what processes take, though some come and some go. */
export interface UsageMeter {
  /** Undefined when there are no processes. */
  add(processes: readonly ProcessReading[], nowMs: number): Usage | undefined;
}

export function createUsageMeter(): UsageMeter {
  let known = new Map<number, Pick<ProcessReading, 'startedAtMs' | 'cpuMs'>>();
  let totalMs = 0;
  let lastMs = Infinity;
  return {
    add(processes, nowMs) {
      const next: typeof known = new Map();
      for (const { pid, startedAtMs, cpuMs } of processes) {
        const seen = known.get(pid);
        // A pid is given again to another process in time.
        const isSame = seen && Math.abs(seen.startedAtMs - startedAtMs) <= START_TOLERANCE_MS;
        const before = isSame ? seen.cpuMs : firstOf(startedAtMs, cpuMs, lastMs);
        totalMs += Math.max(0, cpuMs - before);
        next.set(pid, { startedAtMs, cpuMs });
      }
      known = next;
      lastMs = nowMs;
      if (processes.length === 0) return undefined;
      const memoryBytes = processes.reduce((sum, one) => sum + one.memoryBytes, 0);
      return { atMs: nowMs, count: processes.length, cpuMs: totalMs, memoryBytes };
    },
  };
}

/** All that a process did counts if it began since the last look; of an older one only what comes. */
function firstOf(startedAtMs: number, cpuMs: number, lastMs: number): number {
  return startedAtMs >= lastMs - START_TOLERANCE_MS ? 0 : cpuMs;
}

/** The load between two looks; 100 is one core. Null when no time passed. */
export function cpuPercentBetween(from: Usage | undefined, to: Usage): number | null {
  if (!from || to.atMs <= from.atMs) return null;
  return Math.round((1000 * (to.cpuMs - from.cpuMs)) / (to.atMs - from.atMs)) / 10;
}
