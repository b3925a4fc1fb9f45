/** Samples over and over, one sample at a time, however the clock of the machine is set. */
export interface Sampler {
  /** How long ago the last sample was taken; undefined before the first. */
  sinceLastSampleMs(): number | undefined;
  /** Brings the next sample forward, so that it comes at most so long after the last one began. */
  hurry(intervalMs: number): void;
  stop(): Promise<void>;
}

export function startSampler(options: {
  /** @param nowMs by the clock of the machine */
  sample(nowMs: number): Promise<void>;
  /** From the beginning of one sample to that of the next. */
  intervalMs(): number;
  firstMs: number;
  onError(error: unknown): void;
}): Sampler {
  let lastMs: number | undefined;
  let startedMs = performance.now();
  let nextMs = Infinity;
  let hurryMs = Infinity;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> | undefined;

  const run = async () => {
    startedMs = performance.now();
    hurryMs = Infinity;
    try {
      await options.sample(Date.now());
      lastMs = performance.now();
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
    timer = setTimeout(begin, Math.max(0, atMs - performance.now()));
  };
  schedule(performance.now() + options.firstMs);

  return {
    sinceLastSampleMs: () => (lastMs === undefined ? undefined : performance.now() - lastMs),
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
