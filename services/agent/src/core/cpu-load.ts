/** Time that a core has spent since boot, ms, as `os.cpus()` tells. */
export interface CoreTimes {
  user: number;
  nice: number;
  sys: number;
  idle: number;
  irq: number;
}

/** The system counts in steps of 10 ms or more: over less than this the share of a step is too large. */
const SHORTEST_MS = 200;

/**
 * How busy all cores together were between one look and the next, 0–100. Null at the first look, and where no core is told of; a look that
 * comes too soon after another gives what that gave, if anything. `irqWithinSys`: time in interrupts is counted in `sys` too, as Windows does.
 */
export function createCpuLoad(options: {
  irqWithinSys: boolean;
}): (cores: readonly { times: CoreTimes }[]) => number | null {
  let before = { busy: 0, idle: 0, looked: false };
  let percent: number | null = null;
  return (cores) => {
    if (cores.length === 0) return null;
    const now = { busy: 0, idle: 0, looked: true };
    for (const { times } of cores) {
      const { user, nice, sys, idle, irq } = times;
      now.busy += user + nice + sys + (options.irqWithinSys ? 0 : irq);
      now.idle += idle;
    }
    const busy = now.busy - before.busy;
    const all = busy + now.idle - before.idle;
    if (percent !== null && all >= 0 && all < SHORTEST_MS * cores.length) return percent;
    // A core that was switched off since takes its time with it.
    const isWhole = before.looked && all > 0 && busy >= 0 && busy <= all;
    percent = isWhole ? (100 * busy) / all : null;
    before = now;
    return percent;
  };
}
