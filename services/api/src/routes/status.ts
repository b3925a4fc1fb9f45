import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readStatus } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { answers, JSON_TYPE } from './answers.ts';
import { demoParameter, rangeParameter, toDemoFilter, toRangeMs } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

interface Query {
  range?: string;
  demo?: 'true' | 'false' | 'only';
}

const keyOf = ({ range, demo }: Query): string => `${range ?? ''}|${demo ?? ''}`;

/** Dashboards and scripts poll it: figures are read at most four times a second, however many ask. */
const FRESH_MS = 250;

export const statusRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const recent = createRecentAnswers({
    freshMs: FRESH_MS,
    maxKeys: 64,
    elapsedMs: context.elapsedMs,
  });
  app.get(
    '/api/status',
    {
      config: { kept: (query) => recent.peek(keyOf(query)) },
      schema: {
        tags: ['now'],
        summary: 'The monitor at a glance',
        querystring: Type.Object({ range: rangeParameter, demo: demoParameter }),
        response: answers(
          'Counts, rates and the machine; of all time, or of `range`',
          Type.Ref('Status#'),
        ),
      },
    },
    (request, reply) => {
      const key = keyOf(request.query);
      void reply.header('content-type', JSON_TYPE);
      return recent.peek(key) ?? recent.get(key, () => readAnswer(context, request.query));
    },
  );
  done();
};

async function readAnswer(context: RouteContext, { range, demo }: Query) {
  const nowMs = context.now();
  const { status, ...figures } = await readStatus(context.store, {
    demo: toDemoFilter(demo),
    ...(range === undefined ? {} : { rangeMs: toRangeMs(range) }),
    hostName: context.hostName,
    nowMs,
  });
  return {
    status,
    version: context.version,
    uptime: Math.round((nowMs - context.startedAtMs) / 1000),
    ...figures,
  };
}
