import type { HostSensor } from '../adapters/host-sensor.ts';
import type { TelemetryPublisher } from '../adapters/telemetry-publisher.ts';
import type { ServerWatch } from './watch-server.ts';

/** The load is measured between two looks; this is long enough for a first figure. */
const FIRST_SAMPLE_MS = 250;

/** Samples over and over, one sample at a time. */
export interface Sampler {
  /** When the last sample was published; undefined before the first. */
  lastSampleMs(): number | undefined;
  stop(): Promise<void>;
}

export function startSampler(options: {
  sensor: HostSensor;
  watch: ServerWatch;
  publish: Pick<TelemetryPublisher, 'hostSampled'>;
  host: string;
  intervalMs: number;
  onError(error: unknown): void;
}): Sampler {
  let lastMs: number | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();

  const sample = async () => {
    const [reading, server] = await Promise.all([
      options.sensor.read(),
      options.watch.look(Date.now()),
    ]);
    if (stopped) return;
    options.publish.hostSampled({ host: options.host, ...reading, server });
    lastMs = Date.now();
  };
  const schedule = (delayMs: number) => {
    timer = setTimeout(() => {
      const startedMs = Date.now();
      current = sample()
        .catch(options.onError)
        .then(() => {
          if (!stopped) schedule(Math.max(0, options.intervalMs - (Date.now() - startedMs)));
        });
    }, delayMs);
  };
  schedule(Math.min(FIRST_SAMPLE_MS, options.intervalMs));

  return {
    lastSampleMs: () => lastMs,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
