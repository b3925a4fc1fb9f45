import type { Series } from '@llm-monitor/contracts/rest';
import type { MetricName } from '@llm-monitor/contracts/stats';

import type { Store } from '../store.ts';
import { readTrends, type TrendsOptions } from './read-trends.ts';

export interface SeriesOptions extends Omit<TrendsOptions, 'metrics'> {
  metric: MetricName;
}

/** One metric over time; the last point may be of a step that is not over yet. */
export async function readSeries(store: Store, options: SeriesOptions): Promise<Series> {
  const { metric } = options;
  const { start, step, series } = await readTrends(store, { ...options, metrics: [metric] });
  const { unit = '', values = [] } = series[0] ?? {};
  const startMs = Date.parse(start);
  const points = values.map((v, i) => ({
    t: new Date(startMs + i * step * 1000).toISOString(),
    v,
  }));
  return { metric, unit, step, points };
}
