import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readFacets } from '@llm-monitor/read-model';
import { Type } from 'typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { answers, JSON_TYPE } from './answers.ts';
import { statusParameter, toStatuses } from './history-query.ts';
import {
  demoParameter,
  nameParameter,
  spanParameters,
  toDemoFilter,
  toSpan,
} from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const FRESH_MS = 500;

const FacetsQuery = Type.Object({
  ...spanParameters,
  model: nameParameter('the name of a model'),
  app: nameParameter('the name of an app'),
  host: nameParameter('the name of a machine'),
  status: statusParameter,
  demo: demoParameter,
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
      const { model, app: ofApp, host, status, demo } = request.query;
      const span = toSpan(request.query, now());
      const options = {
        ...{ nowMs: now(), cache, demo: toDemoFilter(demo) },
        ...(span === undefined ? {} : { span }),
        ...(model === undefined ? {} : { model }),
        ...(ofApp === undefined ? {} : { app: ofApp }),
        ...(host === undefined ? {} : { host }),
        ...(status === undefined ? {} : { status: toStatuses(status) }),
      };
      void reply.header('content-type', JSON_TYPE);
      return recent.get(JSON.stringify(request.query), () => readFacets(store, options));
    },
  );
  done();
};
