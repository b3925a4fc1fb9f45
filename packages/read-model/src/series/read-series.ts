import type { Bucket, Dimensions } from '@llm-monitor/contracts/redis';
import type { Series } from '@llm-monitor/contracts/rest';
import { findMetric, type MetricName } from '@llm-monitor/contracts/stats';

import { readTimeline } from '../rollups/read-rollups.ts';
import { matchesDemo, type DemoFilter, type Store } from '../store.ts';
import { isRequestMetric, metricValue, type RequestMetric } from './metric-value.ts';
import { readHostValues } from './read-host-values.ts';
import { planSeries, type SeriesPlan } from './series-plan.ts';

export interface SeriesOptions {
  metric: MetricName;
  rangeMs: number;
  /** A multiple of `shortestStepSeconds(rangeMs)`. */
  stepSeconds: number;
  demo: DemoFilter;
  nowMs: number;
  /** `model` and `app` do not apply to host metrics. */
  model?: string;
  app?: string;
  host?: string;
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000 } as const;

/** One metric over time; the last point is of a step that is not over yet. */
export async function readSeries(store: Store, options: SeriesOptions): Promise<Series> {
  const { metric } = options;
  const plan = planSeries(options);
  const values = isRequestMetric(metric)
    ? await readRequestValues(store, plan, metric, options)
    : await readHostValues(store, plan, metric, options.host);
  return {
    metric,
    unit: findMetric(metric)?.unit ?? '',
    step: plan.stepSeconds,
    points: plan.startsMs.map((startMs, i) => ({
      t: new Date(startMs).toISOString(),
      v: values[i] ?? null,
    })),
  };
}

async function readRequestValues(
  store: Store,
  plan: SeriesPlan,
  metric: RequestMetric,
  options: SeriesOptions,
): Promise<(number | null)[]> {
  const stepMs = plan.stepSeconds * 1000;
  const unitMs = UNIT_MS[plan.unit];
  const stepOf = (bucket: Bucket): string =>
    String(Math.floor((Number(bucket.slice(1)) * unitMs) / stepMs) * stepMs);
  const rollups = await readTimeline(store, bucketsOf(plan, options.nowMs), wants(options), stepOf);
  return plan.startsMs.map((startMs) => metricValue(metric, rollups.get(String(startMs))));
}

function bucketsOf({ unit, startsMs }: SeriesPlan, nowMs: number): Bucket[] {
  const last = Math.floor(nowMs / UNIT_MS[unit]);
  const buckets: Bucket[] = [];
  for (let at = Math.floor((startsMs[0] ?? nowMs) / UNIT_MS[unit]); at <= last; at++) {
    buckets.push(unit === 'hour' ? `h${at}` : `m${at}`);
  }
  return buckets;
}

function wants({ demo, model, app, host }: SeriesOptions): (of: Dimensions) => boolean {
  return (of) =>
    matchesDemo(of.demo, demo) &&
    (model === undefined || of.model === model) &&
    (app === undefined || of.app === app) &&
    (host === undefined || of.host === host);
}
