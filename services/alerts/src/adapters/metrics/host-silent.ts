import { trustedSilenceMs } from '../../core/trusted-silence.ts';
import type { AlertMetricReader } from './alert-metric-reader.ts';

/** A machine that has been off for so long is one that somebody switched off. */
const FORGOTTEN_MS = 24 * 3_600_000;

export const hostSilent: AlertMetricReader = {
  metric: 'host_silent',
  isCollected: true,
  async read({ hosts, nowMs, trusted }) {
    return {
      readings: (await hosts()).map(({ name, last_seen: lastSeen }) => {
        const seenAtMs = Date.parse(lastSeen);
        const isForgotten = nowMs - seenAtMs > FORGOTTEN_MS;
        const value = isForgotten ? null : trustedSilenceMs(seenAtMs, trusted) / 1000;
        return { of: { host: name }, value };
      }),
    };
  },
};
