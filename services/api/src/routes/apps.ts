import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readApps } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { answers, JSON_TYPE } from './answers.ts';
import { demoParameter, toDemoFilter } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const FRESH_MS = 500;

export const appRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs, cache } = context;
  const recent = createRecentAnswers({ freshMs: FRESH_MS, maxKeys: 4, elapsedMs });
  app.get(
    '/api/apps',
    {
      schema: {
        tags: ['figures'],
        summary: 'Every app that called a model, or whose processes say that they run',
        querystring: Type.Object({ demo: demoParameter }),
        response: answers(
          'Apps with their figures of the last 90 days, the most used first, and their processes',
          Type.Array(Type.Ref('AppStats#')),
        ),
      },
    },
    (request, reply) => {
      const demo = toDemoFilter(request.query.demo);
      void reply.header('content-type', JSON_TYPE);
      return recent.get(String(demo), () => readApps(store, { demo, nowMs: now(), cache }));
    },
  );
  done();
};
