// The one place that knows OpenTelemetry's semantic conventions of GenAI metrics. They are in development: when they change, this file does.
// Source: github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai/gen-ai-metrics.md. In Prometheus dots are underscores and the
// unit stands behind the name.
import type { Lifetime } from '@llm-monitor/contracts/redis';
import { bucketValue, TOKEN_BOUNDS } from '@llm-monitor/contracts/stats';

import { writeBound, type Family, type Labels, type Sample } from './exposition.ts';

/** The convention's attributes as labels; `app` is ours. */
export const LABELS = {
  model: 'gen_ai_request_model',
  provider: 'gen_ai_provider_name',
  tokenType: 'gen_ai_token_type',
  errorType: 'error_type',
  app: 'app',
} as const;

/** The convention's word for an error, or a provider, that has none of its own. */
export const OTHER_ERROR = '_OTHER';

/** Calls of one model and app, and the labels that say so. */
export interface LabelledLifetime {
  labels: Labels;
  lifetime: Lifetime;
}

interface Histogram {
  /** Upper bounds, in the metric's unit. */
  bounds: readonly number[];
  /** Bucket → calls. */
  counts(of: Lifetime): ReadonlyMap<number, number>;
  /** What stands for a bucket, in the metric's unit. */
  valueOf(bucket: number): number;
  sum(of: Lifetime): number;
  labels?: Labels;
}

interface GenAiMetric {
  name: string;
  help: string;
  histograms: readonly Histogram[];
}

const ERROR = 'Bounds are kept to 2 %.';
const seconds = (bucket: number): number => bucketValue(bucket) / 1000;
const tokens = (bucket: number): number => TOKEN_BOUNDS[bucket] ?? Infinity;

export const GEN_AI_METRICS: readonly GenAiMetric[] = [
  {
    name: 'gen_ai_client_operation_duration_seconds',
    help: `Duration of completed inferences. ${ERROR}`,
    histograms: [
      {
        bounds: [
          0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
        ],
        counts: ({ durations }) => durations,
        valueOf: seconds,
        sum: ({ counts }) => counts.durationMs / 1000,
      },
    ],
  },
  {
    name: 'gen_ai_client_token_usage',
    help: 'Tokens of ended calls, as their servers say.',
    histograms: [
      {
        bounds: TOKEN_BOUNDS,
        counts: ({ inputTokens }) => inputTokens,
        valueOf: tokens,
        sum: ({ counts }) => counts.inputTokens,
        labels: { [LABELS.tokenType]: 'input' },
      },
      {
        bounds: TOKEN_BOUNDS,
        counts: ({ outputTokens }) => outputTokens,
        valueOf: tokens,
        sum: ({ counts }) => counts.outputTokens,
        labels: { [LABELS.tokenType]: 'output' },
      },
    ],
  },
  {
    name: 'gen_ai_server_time_to_first_token_seconds',
    help: `Time to the first token of completed inferences, as their apps see it. ${ERROR}`,
    histograms: [
      {
        bounds: [
          0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
        ],
        counts: ({ firstTokens }) => firstTokens,
        valueOf: seconds,
        sum: ({ counts }) => counts.firstTokenMs / 1000,
      },
    ],
  },
  {
    name: 'gen_ai_server_time_per_output_token_seconds',
    help: `Time per output token after the first, of completed inferences, as their apps see it. ${ERROR}`,
    histograms: [
      {
        bounds: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
        counts: ({ perToken }) => perToken,
        valueOf: seconds,
        sum: ({ perTokenUs }) => perTokenUs / 1e6,
      },
    ],
  },
];

/** The convention's histograms of all combinations. */
export function genAiFamilies(combinations: readonly LabelledLifetime[]): Family[] {
  return GEN_AI_METRICS.map(({ name, help, histograms }) => ({
    name,
    type: 'histogram',
    help,
    samples: combinations.flatMap(({ labels, lifetime }) =>
      histograms.flatMap((histogram) => histogramSamples(histogram, lifetime, labels)),
    ),
  }));
}

/** Nothing of a combination that has none: zeros would say that it was looked at. */
function histogramSamples(histogram: Histogram, of: Lifetime, shared: Labels): Sample[] {
  const labels = { ...shared, ...histogram.labels };
  const { bounds } = histogram;
  const perBound = bounds.map(() => 0);
  let count = 0;
  for (const [bucket, calls] of histogram.counts(of)) {
    count += calls;
    const value = histogram.valueOf(bucket);
    const place = bounds.findIndex((bound) => value <= bound);
    if (place >= 0) perBound[place] = (perBound[place] ?? 0) + calls;
  }
  if (count <= 0) return [];
  let sum = 0;
  const buckets = bounds.map((bound, i) => {
    sum += perBound[i] ?? 0;
    return bucketSample(labels, writeBound(bound), sum);
  });
  return [
    ...buckets,
    bucketSample(labels, '+Inf', count),
    { suffix: '_sum', labels, value: histogram.sum(of) },
    { suffix: '_count', labels, value: count },
  ];
}

const bucketSample = (labels: Labels, le: string, value: number): Sample => ({
  suffix: '_bucket',
  labels: { ...labels, le },
  value,
});
