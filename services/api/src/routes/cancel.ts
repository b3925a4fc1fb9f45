import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { REQUEST_ID_PATTERN } from '@llm-monitor/contracts/events';
import type { RequestRecord } from '@llm-monitor/contracts/redis';
import { CancelBody, type CancelResult } from '@llm-monitor/contracts/rest';
import { readRequests } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import type { CancelAnswer } from '../adapters/cancel-asker.ts';
import { ProblemError } from '../problem.ts';
import { problemAnswer } from './answers.ts';
import { findCancellable } from './find-cancellable.ts';
import { nameParameter } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const REQUEST_ID = new RegExp(REQUEST_ID_PATTERN);
const DEFAULT_BY = 'api';
const RETRY_AFTER_SECONDS = '2';

const DESCRIPTION = `Asks the client or agent that makes the call to end this call, and no other. Its own code sees the call fail as if it had been aborted; the call's record gets \`outcome: cancelled\` and \`cancelled_by\`.

- 200: it was reached. \`aborted\` says whether it ended the call; if not, \`reason\` says why.
- 503, 504: nobody was reached, and the call goes on. The body is a problem that has \`reached\`, \`aborted\` and \`reason\` too.
- 404: no such call. 409: it has ended, or several apps run a call of that id (say \`?app=\`). 403: cancelling is switched off, or a page of another origin asks.`;

export const cancelRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  // A foreign page can send text without asking first. JSON it cannot.
  app.removeContentTypeParser('text/plain');
  app.post<{ Params: { id: string }; Querystring: { app?: string }; Body: CancelBody | null }>(
    '/api/requests/:id/cancel',
    {
      schema: {
        tags: ['now'],
        summary: 'Cancel a running call',
        description: DESCRIPTION,
        params: Type.Object({ id: Type.String({ pattern: REQUEST_ID_PATTERN }) }),
        querystring: Type.Object({ app: nameParameter('the name of an app') }),
        body: CancelBody,
        response: {
          200: {
            description: 'Whoever makes the call was reached',
            content: { 'application/json': { schema: Type.Ref('CancelResult#') } },
          },
          '4xx': problemAnswer('What is wrong, and what to do'),
          503: problemAnswer(
            'NATS is away, or Redis',
            Type.Union([Type.Ref('CancelProblem#'), Type.Ref('Problem#')]),
          ),
          504: problemAnswer('Nobody answered', Type.Ref('CancelProblem#')),
        },
      },
    },
    async (request): Promise<CancelResult> => {
      if (!context.cancelling.isOn) throw switchedOff();
      const { id } = request.params;
      const records = REQUEST_ID.test(id) ? await readRequests(context.store, id) : [];
      const record = findCancellable(records, request.query.app);
      const by = request.body?.by ?? DEFAULT_BY;
      const answer = await ask(context, record, by);
      request.log.info({ id, app: record.app, by, ...answer }, 'asked to cancel a call');
      if (!answer.reached) throw notReached(id, answer);
      const { aborted, reason } = answer;
      return {
        id,
        reached: true,
        aborted,
        reason: aborted ? null : (reason ?? 'It says no more.'),
      };
    },
  );
  done();
};

function ask(context: RouteContext, record: RequestRecord, by: string): Promise<CancelAnswer> {
  const { app, id, instance } = record;
  if (instance !== undefined)
    return context.cancelling.ask({ app, instance }, { requestId: id, by });
  const reason = 'The call does not say which process makes it, so nobody can be asked.';
  return Promise.resolve({ reached: false, isBusAway: false, reason });
}

function notReached(
  id: string,
  { isBusAway, reason }: Extract<CancelAnswer, { reached: false }>,
): ProblemError {
  const fields = { id, reached: false, aborted: false, reason };
  return isBusAway
    ? new ProblemError(
        503,
        'NATS cannot be reached',
        reason,
        { 'retry-after': RETRY_AFTER_SECONDS },
        fields,
      )
    : new ProblemError(504, 'Not reached', reason, {}, fields);
}

function switchedOff(): ProblemError {
  return new ProblemError(
    403,
    'Switched off',
    'Cancelling is switched off here. Start the api service with CANCEL=on to allow it.',
  );
}
