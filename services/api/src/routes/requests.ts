import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { REQUEST_ID_PATTERN } from '@llm-monitor/contracts/events';
import { encodeCursor, readHistory, readRequest } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { ProblemError } from '../problem.ts';
import { answers } from './answers.ts';
import { HistoryQuery, nextPage, toHistoryOptions } from './history-query.ts';
import { nameParameter } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const REQUEST_ID = new RegExp(REQUEST_ID_PATTERN);

const Page = {
  description:
    'Ended calls by end time, newest first. The `Link` header has the next page (`rel="next"`) while there is one; a page may be short, or empty, when a long search was cut.',
  headers: { Link: { schema: Type.String(), description: '`</api/requests?…>; rel="next"`' } },
};

export const requestRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs } = context;
  app.get(
    '/api/requests',
    {
      schema: {
        tags: ['history'],
        summary: 'Calls that ended',
        querystring: HistoryQuery,
        response: answers(Page.description, Type.Array(Type.Ref('EndedRequest#')), Page.headers),
      },
    },
    async (request, reply) => {
      const options = toHistoryOptions(request.query);
      const { items, next } = await readHistory(store, { ...options, elapsedMs });
      if (next) void reply.header('link', nextPage(request.url, encodeCursor(next)));
      return items;
    },
  );
  app.get(
    '/api/requests/:id',
    {
      schema: {
        tags: ['history'],
        summary: 'One call, running or ended',
        params: Type.Object({ id: Type.String({ pattern: REQUEST_ID_PATTERN }) }),
        querystring: Type.Object({ app: nameParameter('the name of an app') }),
        response: answers(
          'The call; where several apps used the id and `app` does not say whose, the newest',
          Type.Union([Type.Ref('ActiveRequest#'), Type.Ref('EndedRequest#')]),
        ),
      },
    },
    async (request) => {
      const { id } = request.params;
      const options = { ...request.query, nowMs: now() };
      const found = REQUEST_ID.test(id) ? await readRequest(store, id, options) : undefined;
      if (found) return found;
      throw new ProblemError(
        404,
        'No such request',
        'No call of that id is kept. /api/requests and /api/active list those that are.',
      );
    },
  );
  done();
};
