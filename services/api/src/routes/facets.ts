import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readFacets } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { answers, JSON_TYPE } from './answers.ts';
import { callFilterParameters, toCallFilter } from './call-filter.ts';
import { statusParameter, toStatuses } from './history-query.ts';
import { spanParameters, toSpan } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const FRESH_MS = 500;

const FacetsQuery = Type.Object({
  ...spanParameters,
  ...callFilterParameters,
  status: statusParameter,
});

export const facetRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs, cache } = context;
  const recent = createRecentAnswers({ freshMs: FRESH_MS, maxKeys: 64, elapsedMs });
  app.get(
    '/api/facets',
    {
      schema: {
        tags: ['history'],
        summary: 'How many calls ended, by status, model, app and host',
        querystring: FacetsQuery,
        response: answers(
          'Each list with all filters applied but its own. Counted as the figures are: of the last 90 days, and also what the history no longer has',
          Type.Ref('Facets#'),
        ),
      },
    },
    (request, reply) => {
      const { status } = request.query;
      const span = toSpan(request.query, now());
      const options = {
        ...{ nowMs: now(), cache, ...toCallFilter(request.query) },
        ...(span === undefined ? {} : { span }),
        ...(status === undefined ? {} : { status: toStatuses(status) }),
      };
      void reply.header('content-type', JSON_TYPE);
      return recent.get(JSON.stringify(request.query), () => readFacets(store, options));
    },
  );
  done();
};
