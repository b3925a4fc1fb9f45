import { STATUS_CODES } from 'node:http';

import type { Problem } from '@llm-monitor/contracts/rest';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { ProblemError } from '../problem.ts';

const RETRY_AFTER_SECONDS = '2';

/** Makes every error an `application/problem+json` that says what to do, and none of them tell what is inside. */
export function installProblems(
  app: FastifyInstance,
  options: { isStoreAway(error: Error): boolean },
): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    sendProblem(reply, toProblem(error, request, options.isStoreAway(error)));
  });
  app.setNotFoundHandler((request, reply) => {
    sendProblem(
      reply,
      new ProblemError(
        404,
        'Not found',
        `There is nothing at ${pathOf(request)}. /docs lists everything that can be asked for.`,
      ),
    );
  });
}

export function sendProblem(reply: FastifyReply, problem: ProblemError): void {
  const body: Problem = {
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    detail: problem.message,
  };
  void reply
    .code(problem.status)
    .headers(problem.headers)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify({ ...body, ...problem.members }));
}

function toProblem(
  error: FastifyError,
  request: FastifyRequest,
  isStoreAway: boolean,
): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isStoreAway) return storeAway();
  const status = error.statusCode ?? 500;
  if (status === 413) {
    const detail = 'A body may have at most 64 KiB, a list of alert rules 2 MiB. Send less.';
    return new ProblemError(413, 'Too large', detail);
  }
  if (status >= 400 && status < 500) {
    return new ProblemError(status, STATUS_CODES[status] ?? 'Bad request', error.message);
  }
  request.log.error(
    { err: error, reqId: request.id, path: pathOf(request) },
    'a request could not be answered',
  );
  return new ProblemError(
    500,
    'Internal error',
    `This is a fault of LLM Monitor. The log of the api service has the reason, under request ${request.id}.`,
  );
}

function storeAway(): ProblemError {
  return new ProblemError(
    503,
    'Redis cannot be reached',
    'The figures are kept in Redis, which does not answer now. Ask again in some seconds; if it lasts, see that Redis runs at REDIS_URL.',
    { 'retry-after': RETRY_AFTER_SECONDS },
  );
}

export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/';
