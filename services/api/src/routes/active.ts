import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readActive } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { answers, JSON_TYPE } from './answers.ts';
import { demoParameter, toDemoFilter } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const FRESH_MS = 100;

export const activeRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs } = context;
  const recent = createRecentAnswers({ freshMs: FRESH_MS, maxKeys: 4, elapsedMs });
  app.get(
    '/api/active',
    {
      schema: {
        tags: ['now'],
        summary: 'Calls that run now',
        querystring: Type.Object({ demo: demoParameter }),
        response: answers('Running calls, oldest first', Type.Array(Type.Ref('ActiveRequest#'))),
      },
    },
    (request, reply) => {
      const demo = toDemoFilter(request.query.demo);
      void reply.header('content-type', JSON_TYPE);
      return recent.get(String(demo), () => readActive(store, { demo, nowMs: now() }));
    },
  );
  done();
};
