import type { AlertMetricReader } from './alert-metric-reader.ts';

/** A machine that has been off for so long is one that somebody switched off. */
const FORGOTTEN_MS = 24 * 3_600_000;

export const hostSilent: AlertMetricReader = {
  metric: 'host_silent',
  isCollected: true,
  async read({ hosts, nowMs, trustedMs }) {
    return {
      readings: (await hosts()).map(({ name, last_seen: lastSeen }) => {
        const silentMs = Math.max(0, nowMs - Date.parse(lastSeen));
        const value = silentMs > FORGOTTEN_MS ? null : Math.min(silentMs, trustedMs) / 1000;
        return { of: { host: name }, value };
      }),
    };
  },
};
