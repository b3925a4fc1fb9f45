import type { AlertOnlyMetricName } from '@llm-monitor/contracts/alerts';
import type { VerdictKind } from '@llm-monitor/contracts/events';
import { parseRequestMember } from '@llm-monitor/contracts/redis';
import { readStoredVerdicts, readVerdictsSince } from '@llm-monitor/read-model';

import type { AlertMetricReader } from './alert-metric-reader.ts';

export const callsStalled = callsOf('calls_stalled', 'stalled');
export const callsLooping = callsOf('calls_looping', 'looping');
export const callsRunaway = callsOf('calls_runaway', 'runaway');
export const callsQueued = callsOf('calls_queued', 'queued');

/** Running calls of which that is said, each a reading of its own; demo traffic is none. */
function callsOf(metric: AlertOnlyMetricName, kind: VerdictKind): AlertMetricReader {
  return {
    metric,
    isCollected: true,
    async read({ store }) {
      const found = [...(await readStoredVerdicts(store))].filter(
        ([, { demo, verdicts }]) => !demo && verdicts.some((verdict) => verdict.kind === kind),
      );
      return {
        readings: found.map(([member, { model, host }]) => ({
          of: { model, app: parseRequestMember(member).app, ...(host ? { host } : {}) },
          value: 1,
        })),
        absent: 0,
      };
    },
  };
}

export const possibleTruncations: AlertMetricReader = {
  metric: 'possible_truncations',
  isCollected: true,
  async read({ store, nowMs, windowMs }) {
    const found = (await readVerdictsSince(store, nowMs - windowMs)).filter(
      ({ demo, verdicts }) => !demo && verdicts.some(({ kind }) => kind === 'truncated'),
    );
    return {
      readings: found.map(({ app, model, host }) => ({
        of: { model, app, ...(host ? { host } : {}) },
        value: 1,
      })),
      absent: 0,
    };
  },
};
