import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@llm-monitor/contracts/typebox';

import { createMetricsReader } from '../adapters/metrics-reader.ts';
import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { EXPOSITION_TYPES, expositionFor, writeExposition } from '../metrics/exposition.ts';
import { problemAnswer } from './answers.ts';
import type { RouteContext } from './route-context.ts';

/** However many scrape, Redis is read as often as this. */
const FRESH_MS = 2000;
const MAX_COMBINATIONS = 100;

export const metricsRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { maxCombinations = MAX_COMBINATIONS, elapsedMs } = context;
  const recent = createRecentAnswers({
    ...{ freshMs: FRESH_MS, maxKeys: 2, elapsedMs },
    write: (text) => text as string,
  });
  const read = createMetricsReader({ ...context, maxCombinations });
  app.get(
    '/metrics',
    {
      schema: {
        tags: ['figures'],
        summary: 'Everything that Prometheus keeps',
        description:
          'Names of OpenTelemetry’s semantic conventions of GenAI where there are some, `llm_monitor_…` where there are none. Text format 0.0.4, or OpenMetrics for who asks for it. Without demo traffic.',
        response: {
          200: {
            description: 'All metrics',
            content: { 'text/plain': { schema: Type.Unsafe<Buffer>(Type.String()) } },
          },
          '4xx': problemAnswer('What is wrong, and what to do'),
          503: problemAnswer('Redis does not answer now'),
        },
      },
    },
    (request, reply) => {
      const format = expositionFor(request.headers.accept);
      void reply.header('content-type', EXPOSITION_TYPES[format]);
      return recent.get(format, async () => writeExposition(await read(), format));
    },
  );
  done();
};
