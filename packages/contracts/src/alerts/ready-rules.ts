import type { AlertRule } from './rule.ts';

type Ready = Pick<AlertRule, 'id' | 'name' | 'description' | 'metric' | 'threshold' | 'severity'> &
  Partial<AlertRule>;

const ready = (rule: Ready): AlertRule => ({
  ...{ enabled: true, comparator: '>', windowSeconds: 300, forSeconds: 0, noData: 'ok' },
  renotifySeconds: 0,
  ...rule,
});

/**
 * Rules that are there from the first start. They are written once: one that a person deleted does not come back, and one that was
 * changed stays as it is. A new one here is written at the next start; its
 * names in other languages are in `ready-names.ts`.
 */
export const READY_RULES: readonly AlertRule[] = [
  ready({
    ...{ id: 'failed-requests', name: 'Many failed calls', severity: 'warning' },
    description: 'More than 10 calls failed or timed out within 5 minutes.',
    ...{ metric: 'failed', threshold: 10 },
  }),
  ready({
    ...{ id: 'slow-responses', name: 'Slow responses', severity: 'warning' },
    description: 'Completed calls took more than a minute on average over 5 minutes.',
    ...{ metric: 'avg_response_time', threshold: 60 },
  }),
  ready({
    ...{ id: 'no-heartbeat', name: 'An app fell silent', severity: 'warning' },
    description: 'A process of an app beats no more, and had not said that it ends.',
    ...{ metric: 'heartbeat_age', scope: { each: 'app' }, threshold: 60 },
  }),
  ready({
    ...{ id: 'server-unreachable', name: 'A model server does not answer', severity: 'critical' },
    description: 'The agent beside it has tried for half a minute.',
    ...{ metric: 'server_unreachable', scope: { each: 'host' }, threshold: 0, forSeconds: 30 },
  }),
  ready({
    ...{ id: 'calls-stalled', name: 'A call stands still', severity: 'warning' },
    description: 'A running call has been silent for much longer than its model pauses.',
    ...{ metric: 'calls_stalled', scope: { each: 'model' }, threshold: 0, forSeconds: 20 },
  }),
  ready({
    ...{ id: 'calls-looping', name: 'A call repeats itself', severity: 'warning' },
    description: 'What a running call generates repeats itself, and may do so until its limit.',
    ...{ metric: 'calls_looping', scope: { each: 'model' }, threshold: 0, forSeconds: 10 },
  }),
  ready({
    ...{ id: 'bot-down', name: 'A bot is down', severity: 'critical' },
    description: 'A trading bot has not answered for a minute.',
    ...{ metric: 'bot_down', scope: { each: 'bot' }, threshold: 0, forSeconds: 60 },
  }),
  ready({
    ...{ id: 'model-gone', name: 'A model is gone', severity: 'warning' },
    description: 'A server listed it within the last hour and lists it no more.',
    ...{ metric: 'model_gone', scope: { each: 'model' }, threshold: 0, windowSeconds: 3600 },
    forSeconds: 60,
  }),
  ready({
    ...{ id: 'host-memory', name: 'A host runs out of memory', severity: 'warning' },
    description: 'More than 90 % of its memory was taken for a minute.',
    ...{ metric: 'memory_percent', scope: { each: 'host' }, threshold: 90, windowSeconds: 60 },
    forSeconds: 60,
  }),
  ready({
    ...{ id: 'vram-spill', name: 'A model does not fit into video memory', severity: 'warning' },
    description: 'Part of a loaded model is in main memory, where it runs many times slower.',
    ...{ metric: 'vram_spill', scope: { each: 'model' }, threshold: 1, forSeconds: 60 },
  }),
  ready({
    ...{ id: 'backlog', name: 'Events wait', severity: 'warning' },
    description: 'More than 1,000 events wait to be collected: the figures are behind.',
    ...{ metric: 'waiting_events', threshold: 1000, forSeconds: 30 },
  }),
  ready({
    ...{ id: 'collecting-stopped', name: 'Events are not collected', severity: 'critical' },
    description: 'An event has waited for more than a minute. Does a collector run?',
    ...{ metric: 'collect_lag', threshold: 60 },
  }),
  ready({
    ...{ id: 'dropped-requests', name: 'Calls are missing', severity: 'warning' },
    description: 'Apps could not send the events of some calls, and gave them up.',
    ...{ metric: 'dropped_requests', scope: { each: 'app' }, threshold: 0, windowSeconds: 900 },
  }),
  ready({
    ...{ id: 'dropped-events', name: 'Details of calls are missing', severity: 'info' },
    description: 'Apps gave up some events.',
    ...{ metric: 'dropped_events', scope: { each: 'app' }, threshold: 0, windowSeconds: 900 },
  }),
  ready({
    ...{ id: 'lost-events', name: 'Events were lost', severity: 'critical' },
    description: 'A stream was full or too old before its events were collected.',
    ...{ metric: 'lost_events', threshold: 0, windowSeconds: 900 },
  }),
  ready({
    ...{ id: 'dead-letters', name: 'Events could not be used', severity: 'warning' },
    description: 'Collectors refused messages. Each says why on the page of the pipeline.',
    ...{ metric: 'dead_letters', threshold: 0, windowSeconds: 900 },
  }),
];
