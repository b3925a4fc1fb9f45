import { METRICS, type Metric } from '../stats/metrics.ts';

/** What a rule can be narrowed to, or look at one by one. */
export type AlertScopeKind = 'model' | 'app' | 'host' | 'bot';

/** One thing that a rule can look at. */
export interface AlertMetric {
  name: string;
  unit: string;
  /** What it can be narrowed to, and be split by with `each`; none: it is one figure of the whole monitor. */
  scopes: readonly AlertScopeKind[];
  /** How the values of several become one where a rule does not split them. */
  combine: 'sum' | 'max';
  /** Is it of the last `windowSeconds`? Else of the present moment, and the window means nothing. */
  windowed: boolean;
  description: string;
}

/**
 * Metrics that only alerts have. To add one: an entry here, and its reader in `services/alerts/src/adapters/metrics` with a line in
 * `alert-metric-readers.ts`, and its description in other languages in `metric-texts.ts`. The API, its documentation, the dashboard and the check of rules read this list.
 */
export const ALERT_ONLY_METRICS = [
  {
    name: 'heartbeat_age',
    ...{ unit: 's', scopes: ['app', 'host'], combine: 'max', windowed: false },
    description:
      'How long a process of an app has been silent that did not say that it ends; forgotten after 15 minutes',
  },
  {
    name: 'host_silent',
    ...{ unit: 's', scopes: ['host'], combine: 'max', windowed: false },
    description: 'How long the agent of a host has been silent; forgotten after a day',
  },
  {
    name: 'server_unreachable',
    ...{ unit: 'servers', scopes: ['host'], combine: 'sum', windowed: false },
    description: 'Model servers that do not answer the agent beside them',
  },
  {
    name: 'model_gone',
    ...{ unit: 'models', scopes: ['model', 'host'], combine: 'sum', windowed: true },
    description: 'Models that a server listed during the window and does not list now',
  },
  {
    name: 'vram_spill',
    ...{ unit: '%', scopes: ['model', 'host'], combine: 'max', windowed: false },
    description: 'How much of a loaded model is outside of video memory, on a host with GPUs',
  },
  {
    name: 'unseen_activity',
    ...{ unit: 's', scopes: ['host'], combine: 'max', windowed: false },
    description: 'How long a model server has been used by somebody past the monitor',
  },
  {
    name: 'waiting_events',
    ...{ unit: 'events', scopes: [], combine: 'sum', windowed: false },
    description: 'Events that wait in NATS to be collected',
  },
  {
    name: 'collect_lag',
    ...{ unit: 's', scopes: [], combine: 'max', windowed: false },
    description: 'How old the oldest event is that waits to be collected',
  },
  {
    name: 'dropped_events',
    ...{ unit: 'events', scopes: ['app', 'host'], combine: 'sum', windowed: true },
    description: 'Events that clients gave up',
  },
  {
    name: 'dropped_requests',
    ...{ unit: 'requests', scopes: ['app', 'host'], combine: 'sum', windowed: true },
    description: 'Calls that are missing because clients gave up their events',
  },
  {
    name: 'lost_events',
    ...{ unit: 'events', scopes: [], combine: 'sum', windowed: true },
    description: 'Events that a stream dropped before they were collected',
  },
  {
    name: 'dead_letters',
    ...{ unit: 'events', scopes: [], combine: 'sum', windowed: true },
    description: 'Messages that the collectors could not use',
  },
  {
    name: 'calls_stalled',
    ...{ unit: 'requests', scopes: ['model', 'app', 'host'], combine: 'sum', windowed: false },
    description: 'Running calls that have been silent for much longer than their model pauses',
  },
  {
    name: 'calls_looping',
    ...{ unit: 'requests', scopes: ['model', 'app', 'host'], combine: 'sum', windowed: false },
    description: 'Running calls whose output repeats itself',
  },
  {
    name: 'calls_runaway',
    ...{ unit: 'requests', scopes: ['model', 'app', 'host'], combine: 'sum', windowed: false },
    description: 'Running calls that generate far more than usual, or than was asked for',
  },
  {
    name: 'calls_queued',
    ...{ unit: 'requests', scopes: ['model', 'app', 'host'], combine: 'sum', windowed: false },
    description: 'Running calls that have waited for a slot for two seconds or more',
  },
  {
    name: 'possible_truncations',
    ...{ unit: 'requests', scopes: ['model', 'app', 'host'], combine: 'sum', windowed: true },
    description: 'Calls that ended and of whose prompt a part was possibly cut off',
  },
  {
    name: 'bot_down',
    ...{ unit: 'bots', scopes: ['bot'], combine: 'sum', windowed: false },
    description: 'Trading bots that do not answer',
  },
  {
    name: 'bot_silent',
    ...{ unit: 's', scopes: ['bot'], combine: 'max', windowed: false },
    description: 'How long nobody has looked at a trading bot; forgotten after a day',
  },
] as const satisfies readonly AlertMetric[];

export type AlertOnlyMetricName = (typeof ALERT_ONLY_METRICS)[number]['name'];

/** Everything that a rule can look at: the metrics of `GET /api/series`, and those that only alerts have. */
export const ALERT_METRICS: readonly AlertMetric[] = [
  ...METRICS.map((metric) => fromSeries(metric)),
  ...ALERT_ONLY_METRICS,
];

/** The metric of that name, or undefined. */
export function findAlertMetric(name: string): AlertMetric | undefined {
  return ALERT_METRICS.find((metric) => metric.name === name);
}

function fromSeries({ name, unit, source, description }: Metric): AlertMetric {
  return {
    ...{ name, unit, description },
    scopes: source === 'host' ? ['host'] : ['model', 'app', 'host'],
    combine: 'sum',
    windowed: name !== 'active',
  };
}
