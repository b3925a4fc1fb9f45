import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { METRICS, type MetricName } from '@llm-monitor/contracts/stats';
import { readTrends } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { badParameter } from '../problem.ts';
import { answers, JSON_TYPE } from './answers.ts';
import type { RouteContext } from './route-context.ts';
import { overTimeParameters, toOverTimeOptions } from './series-options.ts';

const FRESH_MS = 500;
const METRICS_FORM = `one or more of ${METRICS.map(({ name }) => name).join(', ')}, separated by commas`;
/** What says at a glance how it went. */
const DEFAULT_METRICS: readonly MetricName[] = [
  ...(['requests', 'failed', 'active', 'tokens_per_second', 'p50', 'p95', 'ttft_p50'] as const),
];

/** Parameters of `GET /api/trends`, and of its export. */
export const TrendsQuery = Type.Object({
  metrics: Type.Optional(
    Type.String({
      maxLength: 1024,
      description: `${METRICS_FORM}; by default ${DEFAULT_METRICS.join(',')}`,
    }),
  ),
  ...overTimeParameters,
});

export const trendRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs } = context;
  const recent = createRecentAnswers({ freshMs: FRESH_MS, maxKeys: 64, elapsedMs });
  app.get(
    '/api/trends',
    {
      schema: {
        tags: ['figures'],
        summary: 'Several metrics over time, and when models came and went',
        querystring: TrendsQuery,
        response: answers(
          'Values from old to new, null where there is none; the last step may not be over yet. `model` and `app` do not narrow metrics of machines',
          Type.Ref('Trends#'),
        ),
      },
    },
    (request, reply) => {
      const metrics = toMetrics(request.query.metrics);
      const options = toOverTimeOptions(request.query, now());
      void reply.header('content-type', JSON_TYPE);
      return recent.get(JSON.stringify(request.query), () =>
        readTrends(store, { metrics, ...options }),
      );
    },
  );
  done();
};

/** @throws a 400 that names all of them */
export function toMetrics(text: string | undefined): readonly MetricName[] {
  if (text === undefined) return DEFAULT_METRICS;
  const isMetric = (word: string): word is MetricName => METRICS.some(({ name }) => name === word);
  const words = [...new Set(text.split(',').map((word) => word.trim()))];
  if (words.every(isMetric)) return words;
  throw badParameter('metrics', text, METRICS_FORM);
}
