import type { AlertMetricReader } from './alert-metric-reader.ts';

export const serverUnreachable: AlertMetricReader = {
  metric: 'server_unreachable',
  isCollected: true,
  async read({ hosts }) {
    return {
      // Of a machine whose agent is silent nothing is known.
      readings: (await hosts())
        .filter(({ server }) => server !== null)
        .map(({ name, online, server }) => ({
          of: { host: name },
          value: online && server?.reachable === false ? 1 : 0,
          ...(online ? {} : { isHeld: true }),
        })),
    };
  },
};
