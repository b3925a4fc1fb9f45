import type { AlertMetricReader } from './alert-metric-reader.ts';

export const unseenActivity: AlertMetricReader = {
  metric: 'unseen_activity',
  isCollected: true,
  async read({ hosts, nowMs }) {
    return {
      readings: (await hosts())
        .filter(({ online }) => online)
        .map(({ name, unseen_activity: activity }) => ({
          of: { host: name },
          value: activity ? Math.max(0, nowMs - Date.parse(activity.since)) / 1000 : 0,
        })),
    };
  },
};
