import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { DeadLetterRetry } from '@llm-monitor/contracts/rest';
import { Type } from '@llm-monitor/contracts/typebox';

import { openDeadLetterBox, type DeadLetterBox } from '../adapters/dead-letter-box.ts';
import { isStreamTrouble } from '../adapters/is-stream-trouble.ts';
import { ProblemError } from '../problem.ts';
import { answers, goneAnswers } from './answers.ts';
import type { RouteContext } from './route-context.ts';

const SEQUENCE = /^[1-9]\d{0,14}$/;
const RETRY_AFTER_SECONDS = '2';

const ListQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: '1 to 100' }),
  before: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'a whole number: the sequence of a letter; older ones',
    }),
  ),
});
const OneLetter = Type.Object({ sequence: Type.String({ pattern: SEQUENCE.source }) });

export const deadLetterRoutes: FastifyPluginCallbackTypebox<RouteContext> = (
  app,
  context,
  done,
) => {
  const withBox = async <T>(use: (box: DeadLetterBox) => Promise<T>): Promise<T> => {
    const connection = context.bus.connection();
    if (!connection) throw busAway();
    try {
      return await use(await openDeadLetterBox(connection));
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (!context.bus.connection()) throw busAway();
      throw isStreamTrouble(error) ? streamAway() : error;
    }
  };

  app.get(
    '/api/dead-letters',
    {
      schema: {
        tags: ['history'],
        summary: 'Messages that could not be used, newest first',
        description:
          'The `Link` header has the next page (`rel="next"`) while there is one; a page may be short where letters were removed.',
        querystring: ListQuery,
        response: answers('Letters', Type.Array(Type.Ref('DeadLetter#'))),
      },
    },
    async (request, reply) => {
      const { limit, before } = request.query;
      const page = await withBox((box) =>
        box.list({ limit, ...(before === undefined ? {} : { before }) }),
      );
      if (page.next !== undefined) {
        const address = `/api/dead-letters?limit=${limit}&before=${page.next}`;
        void reply.header('link', `<${address}>; rel="next"`);
      }
      return page.letters;
    },
  );

  app.get(
    '/api/dead-letters/:sequence',
    {
      schema: {
        tags: ['history'],
        summary: 'One message that could not be used',
        params: OneLetter,
        querystring: Type.Object({}),
        response: answers('The letter, with up to 8 KiB of the body', Type.Ref('DeadLetter#')),
      },
    },
    async (request) => {
      const sequence = toSequence(request.params.sequence);
      return (await withBox((box) => box.read(sequence))) ?? noSuchLetter(sequence);
    },
  );

  app.post(
    '/api/dead-letters/:sequence/retry',
    {
      schema: {
        tags: ['history'],
        summary: 'Try a message again',
        description:
          'Publishes it where it was, for a collector that can use it by now, and removes the letter. What still cannot be used becomes a letter again.',
        params: OneLetter,
        querystring: Type.Object({}),
        response: answers('It was published again', Type.Ref('DeadLetterRetry#')),
      },
    },
    async (request): Promise<DeadLetterRetry> => {
      const sequence = toSequence(request.params.sequence);
      const answer = await withBox((box) => box.retry(sequence));
      if (answer.state === 'missing') return noSuchLetter(sequence);
      if (answer.state === 'incomplete') throw incomplete();
      request.log.info({ sequence, ...answer }, 'a dead letter was published again');
      return { sequence, stream_sequence: answer.streamSequence };
    },
  );

  app.delete(
    '/api/dead-letters/:sequence',
    {
      schema: {
        tags: ['history'],
        summary: 'Remove a message that could not be used',
        params: OneLetter,
        querystring: Type.Object({}),
        response: goneAnswers,
      },
    },
    async (request, reply) => {
      const sequence = toSequence(request.params.sequence);
      if (!(await withBox((box) => box.remove(sequence)))) noSuchLetter(sequence);
      request.log.info({ sequence }, 'a dead letter was removed');
      return reply.code(204).send(null);
    },
  );
  done();
};

function toSequence(text: string): number {
  return SEQUENCE.test(text) ? Number(text) : noSuchLetter(text);
}

function noSuchLetter(sequence: number | string): never {
  throw new ProblemError(404, 'No such dead letter', {
    en: `There is no dead letter ${sequence}: it was tried again, removed, or is older than 30 days. GET /api/dead-letters lists what there is.`,
    it: `Il messaggio ${sequence} non c’è più: è stato ritentato, eliminato, o ha più di 30 giorni.`,
  });
}

function incomplete(): ProblemError {
  return new ProblemError(409, 'Not all of it is kept', {
    en: 'A letter keeps 8 KiB of a body, and the stream no longer has the whole message. Let its sender send it again.',
    it: 'Di un messaggio si conservano 8 KiB, e lo stream non lo ha più intero. Deve rinviarlo chi lo ha inviato.',
  });
}

function away(detail: string): ProblemError {
  const headers = { 'retry-after': RETRY_AFTER_SECONDS };
  return new ProblemError(503, 'NATS cannot be reached', detail, headers);
}

const busAway = () =>
  away(
    'Dead letters are kept in NATS, which does not answer now. See that it runs at NATS_URL; ask again.',
  );

const streamAway = () =>
  away(
    'Dead letters are kept in a stream of NATS, which is not there or does not answer now. A collector makes it when it starts: see that one runs; ask again.',
  );
