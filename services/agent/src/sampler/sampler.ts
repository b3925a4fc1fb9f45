/** Samples over and over, one sample at a time. */
export interface Sampler {
  /** When the last sample was taken; undefined before the first. */
  lastSampleMs(): number | undefined;
  /** Brings the next sample forward, so that it comes at most so long after the last one began. */
  hurry(intervalMs: number): void;
  stop(): Promise<void>;
}

export function startSampler(options: {
  sample(nowMs: number): Promise<void>;
  /** From the beginning of one sample to that of the next. */
  intervalMs(): number;
  firstMs: number;
  onError(error: unknown): void;
}): Sampler {
  let lastMs: number | undefined;
  let startedMs = Date.now();
  let nextMs = Infinity;
  let hurryMs = Infinity;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> | undefined;

  const run = async () => {
    startedMs = Date.now();
    hurryMs = Infinity;
    try {
      await options.sample(startedMs);
      lastMs = Date.now();
    } catch (error) {
      options.onError(error);
    }
  };
  const schedule = (atMs: number) => {
    clearTimeout(timer);
    nextMs = atMs;
    const begin = () => {
      current = run().then(() => {
        current = undefined;
        if (!stopped) schedule(startedMs + Math.min(hurryMs, options.intervalMs()));
      });
    };
    timer = setTimeout(begin, Math.max(0, atMs - Date.now()));
  };
  schedule(Date.now() + options.firstMs);

  return {
    lastSampleMs: () => lastMs,
    hurry(intervalMs) {
      hurryMs = Math.min(hurryMs, intervalMs);
      const atMs = startedMs + hurryMs;
      if (!current && !stopped && atMs < nextMs) schedule(atMs);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
