import { readInstances } from '@llm-monitor/read-model';

import { trustedSilenceMs } from '../../core/trusted-silence.ts';
import type { AlertMetricReader } from './alert-metric-reader.ts';

/** Silence of processes that did not say that they end. While heartbeats were not collected nobody can be called silent. */
export const heartbeatAge: AlertMetricReader = {
  metric: 'heartbeat_age',
  isCollected: true,
  async read({ store, nowMs, trusted }) {
    const instances = await readInstances(store, nowMs);
    return {
      readings: instances
        .filter(({ beat }) => !beat.stopping)
        .map(({ app, beat, seenAtMs }) => ({
          of: { app, ...(beat.host === undefined ? {} : { host: beat.host }) },
          value: trustedSilenceMs(seenAtMs, trusted) / 1000,
        })),
    };
  },
};
