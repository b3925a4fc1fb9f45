import type { HostSampledData, UnseenActivity } from '@llm-monitor/contracts/events';

import type { TelemetryPublisher } from '../adapters/telemetry-publisher.ts';
import { cpuPercentBetween, type Usage } from '../core/process-usage.ts';
import type { RunningCall } from '../core/running-calls.ts';
import { createActivityWatch, type TrackedWork } from '../core/unseen-activity.ts';
import { tellPhases } from './tell-phases.ts';
import type { UsageReader } from './usage-reader.ts';
import type { ServerWatch } from './watch-server.ts';

/** All that is seen of one inference server. */
export interface ObservedServer {
  /** Looks once, and publishes when unseen activity begins or ends. */
  look(nowMs: number, gpuPercent: number | null): Promise<HostSampledData['server']>;
  unseenActivity(): UnseenActivity | undefined;
  isSuspicious(): boolean;
}

export function observeServer(options: {
  watch: ServerWatch;
  /** Undefined when it runs on another machine. */
  usage: UsageReader | undefined;
  tracked(): TrackedWork;
  running(): readonly RunningCall[];
  host: string;
  address: string;
  publish: Pick<TelemetryPublisher, 'unseenActivity' | 'waiting'>;
}): ObservedServer {
  const { watch, usage, host, publish } = options;
  const activity = createActivityWatch();
  const phases = tellPhases(publish);
  let last: Usage | undefined;

  return {
    async look(nowMs, gpuPercent) {
      const [state, now] = await Promise.all([watch.look(nowMs), usage?.read()]);
      const cpuPercent = now ? cpuPercentBetween(last, now) : null;
      last = now;
      const loaded = watch.loaded();
      const tracked = options.tracked();
      const change = activity.look({ nowMs, cpuPercent, gpuPercent, loaded, tracked });
      if (change) {
        const until = change.kind === 'ended' ? { until: change.until } : {};
        const serverAddress = options.address;
        publish.unseenActivity({ host, serverAddress, ...change.activity, ...until });
      }
      // Only Ollama says what it holds, and by default serves one call of a model at a time.
      if (state?.provider === 'ollama' && loaded) phases.look(options.running(), loaded);
      if (!state || !now) return state;
      const { count, memoryBytes } = now;
      return { ...state, processes: { count, cpuPercent, memoryBytes } };
    },
    unseenActivity: () => activity.current(),
    isSuspicious: () => activity.isSuspicious(),
  };
}
