/** How often running texts change. */
export const TICK_MS = 100;

/** One timer for every text that runs by itself; it stands still while nobody listens. */
export interface Ticker {
  subscribe(listener: () => void): () => void;
}

export function createTicker(everyMs: number = TICK_MS): Ticker {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(() => {
        for (const each of [...listeners]) each();
      }, everyMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
