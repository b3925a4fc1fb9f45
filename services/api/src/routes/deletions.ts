import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { REQUEST_ID_PATTERN } from '@llm-monitor/contracts/events';
import { isEnded, type Deletion } from '@llm-monitor/contracts/rest';
import { readRequests } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { askToDelete, stillRuns } from '../adapters/delete-asker.ts';
import { ProblemError } from '../problem.ts';
import { answers } from './answers.ts';
import { nameParameter } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const REQUEST_ID = new RegExp(REQUEST_ID_PATTERN);
const APP = /^[A-Za-z0-9_-]{1,256}$/;

const FIGURES =
  'Counts, tokens and times stay in the figures, which hold nothing of what was asked and answered. It is also taken out of the streams in NATS, so nothing brings it back.';
const STEPS =
  'What takes longer than some seconds answers `done: false` and a `cursor`: ask again with it. Asking from the beginning does no harm.';
const cursor = Type.Optional(
  Type.String({ maxLength: 256, description: 'what the answer before gave' }),
);
const deletion = answers('What was deleted', Type.Ref('Deletion#'));

export const deletionRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { bus, store, elapsedMs } = context;

  app.delete(
    '/api/requests/:id',
    {
      schema: {
        tags: ['history'],
        summary: 'Delete one call that has ended',
        description: `${FIGURES} ${STEPS}\n\n404: no such call. 409: it runs, or several apps used the id (say \`?app=\`).`,
        params: Type.Object({ id: Type.String({ pattern: REQUEST_ID_PATTERN }) }),
        querystring: Type.Object({ app: nameParameter('the name of an app'), cursor }),
        response: deletion,
      },
    },
    async (request): Promise<Deletion> => {
      const { id } = request.params;
      if (!REQUEST_ID.test(id)) throw noSuchRequest();
      const { app: named, cursor: place } = request.query;
      // With a cursor the call may be gone from the history already, and not yet from elsewhere.
      const isGoingOn = place !== undefined && named !== undefined && APP.test(named);
      const ofApp = isGoingOn ? named : await findEnded(context, id, named);
      const command = { what: 'request', requestId: id, app: ofApp } as const;
      const answer = await askToDelete(bus, withCursor(command, place), elapsedMs);
      request.log.info({ id, app: ofApp, ...answer }, 'a call was deleted');
      return answer;
    },
  );

  app.delete(
    '/api/apps/:app/requests',
    {
      schema: {
        tags: ['history'],
        summary: 'Delete all calls of an app that have ended',
        description: `${FIGURES} ${STEPS}`,
        params: Type.Object({ app: Type.String({ minLength: 1, maxLength: 256 }) }),
        querystring: Type.Object({ cursor }),
        response: deletion,
      },
    },
    async (request): Promise<Deletion> => {
      const { app: name } = request.params;
      const apps = await Promise.all(
        Array.from({ length: store.keys.shards }, (_, i) =>
          store.redis.sismember(store.keys.shard(i).apps, name),
        ),
      );
      if (!APP.test(name) || !apps.includes(1)) throw noSuchApp();
      const command = withCursor({ what: 'app', app: name } as const, request.query.cursor);
      const answer = await askToDelete(bus, command, elapsedMs);
      request.log.info({ app: name, ...answer }, "an app's calls were deleted");
      return answer;
    },
  );

  app.delete(
    '/api/prompts',
    {
      schema: {
        tags: ['history'],
        summary: 'Delete what was asked and answered, of all calls',
        description: `Prompts, responses and what errors said, of every call that is kept; the calls stay, with their figures. Events and dead letters are taken out of the streams in NATS, since texts are in them: a rebuild then takes what was before from what is kept. ${STEPS}`,
        querystring: Type.Object({ cursor }),
        response: deletion,
      },
    },
    async (request): Promise<Deletion> => {
      const command = withCursor({ what: 'texts' } as const, request.query.cursor);
      const answer = await askToDelete(bus, command, elapsedMs);
      request.log.info(answer, 'texts were deleted');
      return answer;
    },
  );
  done();
};

const withCursor = <C extends object>(command: C, cursor: string | undefined) =>
  cursor === undefined ? command : { ...command, cursor };

/** @returns the app whose call it is */
async function findEnded(
  { store }: RouteContext,
  id: string,
  app: string | undefined,
): Promise<string> {
  const records = (await readRequests(store, id)).filter(
    (record) => app === undefined || record.app === app,
  );
  const [found, other] = records;
  if (!found) throw noSuchRequest();
  if (other) {
    const apps = records.map((record) => record.app).join(', ');
    throw new ProblemError(
      409,
      'Several apps used that id',
      `Say whose call it is with ?app=, one of ${apps}.`,
    );
  }
  if (!isEnded(found)) throw stillRuns();
  return found.app;
}

const noSuchRequest = () =>
  new ProblemError(404, 'No such request', {
    en: 'No call of that id is kept. /api/requests lists those that are.',
    it: 'Questa chiamata non è più conservata.',
  });

const noSuchApp = () =>
  new ProblemError(404, 'No such app', 'No app of that name made a call. /api/apps lists those.');
