import type { Keys } from '@llm-monitor/contracts/redis';
import type { Logger, StoreConnection } from '@llm-monitor/runtime';

import { createHistoryPruning, type HistoryLimits } from './history-pruning.ts';
import { forgetSilent } from './silent.ts';

const SILENT_INTERVAL_MS = 5 * 60_000;

/** Lets go what is too old, too much, or has been silent for long: at the start and now and then. */
export function startPruning(options: {
  redis: StoreConnection;
  keys: Keys;
  limits: HistoryLimits;
  intervalMs: number;
  nowMs(): number;
  log: Logger;
}): { stop(): void } {
  const { redis, keys, log, nowMs } = options;
  const history = createHistoryPruning(options);
  const timers = [
    repeat(SILENT_INTERVAL_MS, () => forgetSilent(redis, keys, nowMs())),
    repeat(options.intervalMs, history.prune),
  ];

  /** One run at a time. A run that fails is one that the next goes on with. */
  function repeat(intervalMs: number, run: () => Promise<void>): NodeJS.Timeout {
    let isRunning = false;
    const runUnlessRunning = () => {
      if (isRunning) return;
      isRunning = true;
      run()
        .catch((err: Error) => log.debug({ err }, 'the pruning ended early; the next goes on'))
        .finally(() => {
          isRunning = false;
        });
    };
    runUnlessRunning();
    return setInterval(runUnlessRunning, intervalMs);
  }
  return {
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
