import type { AlertMetricReader } from './alert-metric-reader.ts';

/** They come from NATS itself: what waits is known though no collector works. */
export const waitingEvents: AlertMetricReader = {
  metric: 'waiting_events',
  isCollected: false,
  async read({ backlog }) {
    const found = await backlog();
    return { readings: [{ of: {}, value: found?.waiting ?? null, ...held(found) }] };
  },
};

export const collectLag: AlertMetricReader = {
  metric: 'collect_lag',
  isCollected: false,
  async read({ backlog }) {
    const found = await backlog();
    const value = found ? found.lagMs / 1000 : null;
    return { readings: [{ of: {}, value, ...held(found) }] };
  },
};

const held = (found: object | undefined) => (found ? {} : { isHeld: true });
