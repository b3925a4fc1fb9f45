/** Work that must not run on the path of a monitored call, in order of arrival. */
export interface Deferral {
  /** Runs `work` within about `delayMs`, off the caller's path. What it throws is swallowed: it must never reach the app. */
  defer(work: () => void): void;
  /** Runs everything that waits now. */
  runNow(): void;
}

/** `afterwards` runs once after each batch. The timer does not keep the process alive. */
export function createDeferral(delayMs: number, afterwards: () => void): Deferral {
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const runNow = () => {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      for (const work of batch) quietly(work);
    }
    quietly(afterwards);
  };
  return {
    runNow,
    defer(work) {
      waiting.push(work);
      if (timer) return;
      timer = setTimeout(runNow, delayMs);
      timer.unref();
    },
  };
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // A fault of the monitor is never the app's.
  }
}
