import { emptyRollup, type Rollup } from '@llm-monitor/contracts/redis';
import type { METRICS, MetricName } from '@llm-monitor/contracts/stats';

import {
  energyWh,
  generationRate,
  meanSeconds,
  quantileSeconds,
  successRate,
} from '../rollups/to-figures.ts';

/** Of hosts. */
export type HostMetric = Extract<(typeof METRICS)[number], { source: 'host' }>['name'];
/** Of calls; how many run is no sum of what a step counted. */
export type RequestMetric = Exclude<MetricName, HostMetric | 'active'>;

const VALUES: Record<RequestMetric, (rollup: Rollup) => number | null> = {
  requests: ({ counts }) => counts.started,
  completed: ({ counts }) => counts.completed,
  failed: ({ counts }) => counts.failed,
  timeouts: ({ counts }) => counts.timeouts,
  cancelled: ({ counts }) => counts.cancelled,
  success_rate: ({ counts }) => successRate(counts),
  avg_response_time: ({ counts }) => meanSeconds(counts.durationMs, counts.inferences),
  p50: ({ durations }) => quantileSeconds(durations, 0.5),
  p95: ({ durations }) => quantileSeconds(durations, 0.95),
  p99: ({ durations }) => quantileSeconds(durations, 0.99),
  time_to_first_token: ({ counts }) => meanSeconds(counts.firstTokenMs, counts.firstTokens),
  ttft_p50: ({ firstTokens }) => quantileSeconds(firstTokens, 0.5),
  ttft_p95: ({ firstTokens }) => quantileSeconds(firstTokens, 0.95),
  input_tokens: ({ counts }) => counts.inputTokens,
  output_tokens: ({ counts }) => counts.outputTokens,
  energy_wh: ({ counts }) => energyWh(counts),
  tokens_per_second: ({ counts }) => generationRate(counts),
};

/** A metric's value over a step. With no calls, counts are 0 while means, percentiles and rates are unknown. */
export function metricValue(metric: RequestMetric, rollup: Rollup | undefined): number | null {
  return VALUES[metric](rollup ?? emptyRollup());
}

export function isRequestMetric(metric: MetricName): metric is RequestMetric {
  return Object.hasOwn(VALUES, metric);
}
