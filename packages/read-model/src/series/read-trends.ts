import type { Bucket, Dimensions, Rollup } from '@llm-monitor/contracts/redis';
import type { Trends } from '@llm-monitor/contracts/rest';
import { findMetric, type MetricName } from '@llm-monitor/contracts/stats';

import { hasNames, type Names } from '../has-names.ts';
import { readActive } from '../requests/read-active.ts';
import { coverRange } from '../rollups/cover-range.ts';
import { readTimeline } from '../rollups/read-rollups.ts';
import { matchesDemo, type DemoFilter, type Store } from '../store.ts';
import { readHostMinutes } from './host-points.ts';
import { hostValues, isHostMetric } from './host-values.ts';
import { loadMarks } from './load-marks.ts';
import { metricValue } from './metric-value.ts';
import { runningValues } from './running-values.ts';
import { planSeries, type SeriesPlan } from './series-plan.ts';

/** `model` and `app` do not narrow host metrics. */
export interface TrendsOptions extends Names {
  metrics: readonly MetricName[];
  fromMs: number;
  /** At most `nowMs`. */
  toMs: number;
  /** A multiple of the shortest step at that age. */
  stepSeconds: number;
  demo: DemoFilter;
  nowMs: number;
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000 } as const;
/** What came after the last step. */
const SINCE = 'since';

/** Several metrics over time, of which everything is read once. */
export async function readTrends(store: Store, options: TrendsOptions): Promise<Trends> {
  const { metrics, fromMs, toMs } = options;
  const plan = planSeries(options);
  const [calls, hosts] = await Promise.all([
    metrics.some((metric) => !isHostMetric(metric)) ? readCalls(store, plan, options) : undefined,
    metrics.some(isHostMetric) ? readHosts(store, plan, options) : undefined,
  ]);
  const valuesOf = (metric: MetricName): (number | null)[] => {
    if (isHostMetric(metric)) return hostValues(hosts ?? [], plan, metric);
    const steps = calls?.steps ?? [];
    if (metric === 'active') return runningValues(calls?.running ?? 0, steps, calls?.since);
    return steps.map((step) => metricValue(metric, step));
  };
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    start: new Date(plan.startsMs[0] ?? fromMs).toISOString(),
    step: plan.stepSeconds,
    series: metrics.map((metric) => ({
      metric,
      unit: findMetric(metric)?.unit ?? '',
      values: valuesOf(metric),
    })),
    marks: loadMarks(hosts ?? []),
  };
}

interface Calls {
  steps: (Rollup | undefined)[];
  since: Rollup | undefined;
  running: number;
}

async function readCalls(store: Store, plan: SeriesPlan, options: TrendsOptions): Promise<Calls> {
  const stepMs = plan.stepSeconds * 1000;
  const endMs = (plan.startsMs.at(-1) ?? 0) + stepMs;
  const groupOf = (bucket: Bucket): string => {
    const startMs = Number(bucket.slice(1)) * UNIT_MS[bucket.startsWith('h') ? 'hour' : 'minute'];
    return startMs >= endMs ? SINCE : String(Math.floor(startMs / stepMs) * stepMs);
  };
  const withRunning = options.metrics.includes('active');
  const buckets = bucketsOf(plan, Math.min(endMs, options.nowMs));
  if (withRunning && endMs <= options.nowMs) {
    buckets.push(...coverRange(endMs, options.nowMs).buckets);
  }
  const [rollups, running] = await Promise.all([
    readTimeline(store, buckets, wants(options), groupOf),
    withRunning ? countRunning(store, options) : 0,
  ]);
  const steps = plan.startsMs.map((startMs) => rollups.get(String(startMs)));
  return { steps, since: rollups.get(SINCE), running };
}

function readHosts(store: Store, plan: SeriesPlan, { host }: TrendsOptions) {
  const fromMs = plan.startsMs[0] ?? 0;
  const toMs = (plan.startsMs.at(-1) ?? 0) + plan.stepSeconds * 1000;
  return readHostMinutes(store, { fromMs, toMs }, host);
}

function bucketsOf({ unit, startsMs }: SeriesPlan, endMs: number): Bucket[] {
  const buckets: Bucket[] = [];
  const unitMs = UNIT_MS[unit];
  for (let at = Math.floor((startsMs[0] ?? endMs) / unitMs); at * unitMs < endMs; at++) {
    buckets.push(unit === 'hour' ? `h${at}` : `m${at}`);
  }
  return buckets;
}

async function countRunning(store: Store, options: TrendsOptions): Promise<number> {
  const running = await readActive(store, options);
  return running.filter((call) => hasNames(call, options)).length;
}

function wants(options: TrendsOptions): (of: Dimensions) => boolean {
  return (of) => matchesDemo(of.demo, options.demo) && hasNames(of, options);
}
