import { OPERATIONS_WITHOUT_INFERENCE, type RequestEndedData } from '@llm-monitor/contracts/events';
import { GEN_AI_METRICS } from '@llm-monitor/contracts/stats';
import type { Histogram, Meter } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

import type { EndedCall } from './ended-call.ts';
import { commonAttributes } from './gen-ai-span.ts';

/** The figures of the calls of one resource. */
export interface CallMetrics {
  record(call: EndedCall): void;
  /** All so far, or all since the last time it was asked, as the temporality is. */
  collect(): Promise<ResourceMetrics>;
  close(): Promise<void>;
}

class CollectedReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

export function createCallMetrics(options: {
  resource: Resource;
  scope: { name: string; version: string };
  temporality: 'cumulative' | 'delta';
}): CallMetrics {
  const temporality =
    options.temporality === 'delta'
      ? AggregationTemporality.DELTA
      : AggregationTemporality.CUMULATIVE;
  const reader = new CollectedReader({ aggregationTemporalitySelector: () => temporality });
  const provider = new MeterProvider({ resource: options.resource, readers: [reader] });
  const meter = provider.getMeter(options.scope.name, options.scope.version);
  const duration = histogram(meter, GEN_AI_METRICS.duration);
  const tokens = histogram(meter, GEN_AI_METRICS.tokens);
  const timeToFirstToken = histogram(meter, GEN_AI_METRICS.timeToFirstToken);

  return {
    record({ data }) {
      if (!isInference(data)) return;
      const attributes = commonAttributes(data);
      duration.record(data.durationMs / 1000, attributes);
      if (data.ttftMs !== undefined) timeToFirstToken.record(data.ttftMs / 1000, attributes);
      const { inputTokens, outputTokens, source } = data.usage ?? {};
      // The convention wants what was counted, and nothing that was guessed.
      if (source !== 'server') return;
      for (const [type, count] of [
        ['input', inputTokens],
        ['output', outputTokens],
      ] as const) {
        if (count !== undefined) {
          tokens.record(count, { ...attributes, 'gen_ai.token.type': type });
        }
      }
    },
    collect: async () => (await reader.collect()).resourceMetrics,
    close: () => provider.shutdown(),
  };
}

const isInference = ({ operation }: RequestEndedData) =>
  operation === undefined || !OPERATIONS_WITHOUT_INFERENCE.has(operation);

type Definition = (typeof GEN_AI_METRICS)[keyof typeof GEN_AI_METRICS];

function histogram(meter: Meter, { name, unit, description, bounds }: Definition): Histogram {
  return meter.createHistogram(name, {
    ...{ unit, description },
    advice: { explicitBucketBoundaries: [...bounds] },
  });
}
