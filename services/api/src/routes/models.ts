import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readModels } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { answers, JSON_TYPE } from './answers.ts';
import { demoParameter, toDemoFilter } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const FRESH_MS = 500;

export const modelRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs, cache } = context;
  const recent = createRecentAnswers({ freshMs: FRESH_MS, maxKeys: 4, elapsedMs });
  app.get(
    '/api/models',
    {
      schema: {
        tags: ['figures'],
        summary: 'Every model that was called or that a server lists',
        querystring: Type.Object({ demo: demoParameter }),
        response: answers(
          'Models with their figures of the last 90 days, the most used first',
          Type.Array(Type.Ref('ModelStats#')),
        ),
      },
    },
    (request, reply) => {
      const demo = toDemoFilter(request.query.demo);
      void reply.header('content-type', JSON_TYPE);
      return recent.get(String(demo), () => readModels(store, { demo, nowMs: now(), cache }));
    },
  );
  done();
};
