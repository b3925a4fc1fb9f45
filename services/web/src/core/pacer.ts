/** Calls `flush` at once for the first wish, and then at most once an interval while wishes come. */
export interface Pacer {
  wish(): void;
  stop(): void;
}

/** Starts a timer and returns what ends it. */
export type StartTimer = (run: () => void, ms: number) => () => void;

export function createPacer(options: {
  intervalMs: number;
  flush: () => void;
  startTimer: StartTimer;
}): Pacer {
  let stopTimer: (() => void) | undefined;
  let wished = false;
  const run = () => {
    wished = false;
    options.flush();
    stopTimer = options.startTimer(() => {
      stopTimer = undefined;
      if (wished) run();
    }, options.intervalMs);
  };
  return {
    wish() {
      wished = true;
      if (!stopTimer) run();
    },
    stop() {
      stopTimer?.();
      stopTimer = undefined;
      wished = false;
    },
  };
}
