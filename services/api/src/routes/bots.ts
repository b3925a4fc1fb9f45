import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { BOT_NAME_PATTERN } from '@llm-monitor/contracts/events';
import { readBot, readBots } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { ProblemError } from '../problem.ts';
import { answers } from './answers.ts';
import { spanParameters, toSpan } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_SPAN_MS = 24 * HOUR_MS;
/** So long trades are kept. */
const LONGEST_SPAN_MS = 31 * 24 * HOUR_MS;

export const botRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs } = context;
  app.get(
    '/api/bots',
    {
      schema: {
        tags: ['now'],
        summary: 'Trading bots that the connectors watch',
        querystring: Type.Object({}),
        response: answers('Bots by name', Type.Array(Type.Ref('Bot#'))),
      },
    },
    () => readBots(store, now()),
  );
  app.get(
    '/api/bots/:name',
    {
      schema: {
        tags: ['history'],
        summary: 'One trading bot: its trades, its profit, and the calls of its apps beside them',
        params: Type.Object({ name: Type.String({ pattern: BOT_NAME_PATTERN }) }),
        querystring: Type.Object({ ...spanParameters }),
        response: answers(
          'The bot, and what it and its apps did in the last 24 hours, or in the time asked for (at most 31 days)',
          Type.Ref('BotDetails#'),
        ),
      },
    },
    async (request) => {
      const nowMs = now();
      const span = toSpan(request.query, nowMs) ?? { fromMs: nowMs - DEFAULT_SPAN_MS, toMs: nowMs };
      if (span.toMs - span.fromMs > LONGEST_SPAN_MS) {
        throw new ProblemError(400, 'Bad parameter', 'Ask for a time of at most 31 days.');
      }
      const bot = await readBot(store, request.params.name, { ...span, nowMs, elapsedMs });
      if (bot) return bot;
      throw new ProblemError(
        404,
        'No such bot',
        'No bot of that name is known. /api/bots lists those that are; FREQTRADE_BOTS names them to the connectors.',
      );
    },
  );
  done();
};
