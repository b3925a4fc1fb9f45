import type { Store } from '../store/store.ts';
import { backOffMs } from './back-off.ts';
import type { Connection } from './connection.ts';

/** Tries again after a failure, later each time, and says when. */
export interface Retry {
  /** Tries at once. */
  now(): void;
  /** @param fault what went wrong; null leaves what was said before */
  later(fault: string | null): void;
  /** Data arrived: the next failure is the first one again. */
  succeeded(): void;
  stop(): void;
}

export interface RetryOptions {
  connection: Store<Connection>;
  /** Is there data on the page? */
  hasData: () => boolean;
  connect: () => void;
  monotonicMs: () => number;
  random: () => number;
}

export function createRetry(options: RetryOptions): Retry {
  const { connection, monotonicMs } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const set = (fields: Partial<Connection>) =>
    connection.update((before) => ({ ...before, ...fields }));
  const phase = () => (options.hasData() ? 'reconnecting' : 'connecting');

  const now = () => {
    clearTimeout(timer);
    set({ phase: phase(), retryAt: null });
    options.connect();
  };
  return {
    now,
    later(fault) {
      clearTimeout(timer);
      const { failures, fault: before } = connection.get();
      const delayMs = backOffMs(failures, options.random);
      set({
        phase: phase(),
        fault: fault ?? before,
        failures: failures + 1,
        retryAt: monotonicMs() + delayMs,
      });
      timer = setTimeout(now, delayMs);
    },
    succeeded: () => set({ phase: 'open', fault: null, failures: 0, retryAt: null }),
    stop: () => clearTimeout(timer),
  };
}
