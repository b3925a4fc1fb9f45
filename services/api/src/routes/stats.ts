import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readStats } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { answers, JSON_TYPE } from './answers.ts';
import { callFilterParameters, toCallFilter } from './call-filter.ts';
import { spanParameters, toSpan } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const FRESH_MS = 500;

const StatsQuery = Type.Object({
  ...spanParameters,
  ...callFilterParameters,
});

export const statsRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs, cache } = context;
  const recent = createRecentAnswers({ freshMs: FRESH_MS, maxKeys: 32, elapsedMs });
  app.get(
    '/api/stats',
    {
      schema: {
        tags: ['figures'],
        summary: 'Totals and percentiles, in all, by model, by app and by host',
        querystring: StatsQuery,
        response: answers(
          'Figures of `range`, of `from` to `to`, or of the last 90 days; to the minute for the last 48 h, else to the hour',
          Type.Ref('Stats#'),
        ),
      },
    },
    (request, reply) => {
      const span = toSpan(request.query, now());
      const options = {
        ...{ nowMs: now(), cache, ...toCallFilter(request.query) },
        ...(span === undefined ? {} : { span }),
      };
      void reply.header('content-type', JSON_TYPE);
      return recent.get(JSON.stringify(request.query), () => readStats(store, options));
    },
  );
  done();
};
