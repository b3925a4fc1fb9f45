/**
 * Gathers what arrives into batches: a batch starts when nothing is under way or when an earlier one ends, takes at most `max`,
 * and at most `inFlight` are worked on at once. So a lone item goes at once and a flood goes in large batches.
 */
export interface Batcher<T> {
  add(item: T): void;
  /** Items that wait or are worked on. */
  readonly pending: number;
  /** Those. */
  all(): T[];
  /** Resolves once all is done that was added so far. */
  idle(): Promise<void>;
}

export function createBatcher<T>(options: {
  max: number;
  inFlight: number;
  /** One that rejects must have said so itself: the batcher goes on. */
  work(items: T[]): Promise<void>;
}): Batcher<T> {
  const waiting: T[] = [];
  const working = new Set<T[]>();
  let scheduled = false;
  let whenIdle: (() => void)[] = [];

  const pump = () => {
    scheduled = false;
    while (waiting.length > 0 && working.size < options.inFlight) {
      const items = waiting.splice(0, options.max);
      working.add(items);
      const end = () => {
        working.delete(items);
        pump();
      };
      options.work(items).then(end, end);
    }
    if (waiting.length === 0 && working.size === 0) {
      for (const resolve of whenIdle) resolve();
      whenIdle = [];
    }
  };

  return {
    add(item) {
      waiting.push(item);
      if (scheduled || working.size >= options.inFlight) return;
      scheduled = true;
      // After the rest of what the socket has just brought.
      setImmediate(pump);
    },
    get pending() {
      return [...working].reduce((sum, items) => sum + items.length, waiting.length);
    },
    all: () => [...working, waiting].flat(),
    idle() {
      if (waiting.length === 0 && working.size === 0) return Promise.resolve();
      return new Promise((resolve) => whenIdle.push(resolve));
    },
  };
}
