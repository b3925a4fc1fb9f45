import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readStats } from '@llm-monitor/read-model';
import { Type } from 'typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { answers, JSON_TYPE } from './answers.ts';
import { demoParameter, rangeParameter, toDemoFilter, toRangeMs } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const FRESH_MS = 500;

export const statsRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs, cache } = context;
  const recent = createRecentAnswers({ freshMs: FRESH_MS, maxKeys: 32, elapsedMs });
  app.get(
    '/api/stats',
    {
      schema: {
        tags: ['figures'],
        summary: 'Totals and percentiles, in all, by model and by app',
        querystring: Type.Object({ range: rangeParameter, demo: demoParameter }),
        response: answers('Figures of `range`, or of the last 90 days', Type.Ref('Stats#')),
      },
    },
    (request, reply) => {
      const { range, demo } = request.query;
      void reply.header('content-type', JSON_TYPE);
      return recent.get(`${range ?? ''}|${demo ?? ''}`, async () =>
        readStats(store, {
          demo: toDemoFilter(demo),
          ...(range === undefined ? {} : { range: { name: range, ms: toRangeMs(range) } }),
          nowMs: now(),
          cache,
        }),
      );
    },
  );
  done();
};
