import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readHosts } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { answers } from './answers.ts';
import type { RouteContext } from './route-context.ts';

export const hostRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  app.get(
    '/api/hosts',
    {
      schema: {
        tags: ['now'],
        summary: 'Machines that an agent watches, and the models of their servers',
        querystring: Type.Object({}),
        response: answers('Machines by name', Type.Array(Type.Ref('Host#'))),
      },
    },
    () => readHosts(context.store, context.now()),
  );
  done();
};
