import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@llm-monitor/contracts/typebox';

import { readPipeline } from '../adapters/read-pipeline.ts';
import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { answers, JSON_TYPE } from './answers.ts';
import type { RouteContext } from './route-context.ts';

/** NATS is asked once a second at most, however many look. */
const FRESH_MS = 1000;

export const pipelineRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const recent = createRecentAnswers({
    freshMs: FRESH_MS,
    maxKeys: 1,
    elapsedMs: context.elapsedMs,
  });
  app.get(
    '/api/pipeline',
    {
      schema: {
        tags: ['now'],
        summary: 'Where events wait, and where some were lost',
        description:
          'Backlog, lag, redeliveries and losses of each stream; dead letters; what clients dropped; what the history no longer has.',
        querystring: Type.Object({}),
        response: answers('How collecting goes', Type.Ref('Pipeline#')),
      },
    },
    (_request, reply) => {
      void reply.header('content-type', JSON_TYPE);
      const read = () => readPipeline(context.store, context.bus, context.now());
      return recent.peek('') ?? recent.get('', read);
    },
  );
  done();
};
