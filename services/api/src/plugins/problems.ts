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
  let faults = 0;
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = toProblem(error, options.isStoreAway(error));
    sendProblem(reply, problem ?? toFault(error, request, `req-${(faults += 1)}`));
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

/** Undefined for what is a fault of ours. */
function toProblem(error: FastifyError, isStoreAway: boolean): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (isStoreAway) return storeAway();
  const status = error.statusCode ?? 500;
  if (status === 413) {
    const detail = {
      en: 'A body may have at most 64 KiB, a list of alert rules 2 MiB. Send less.',
      it: 'Si possono inviare al massimo 64 KiB, 2 MiB per una lista di regole.',
    };
    return new ProblemError(413, 'Too large', detail);
  }
  if (status >= 400 && status < 500) {
    return new ProblemError(status, STATUS_CODES[status] ?? 'Bad request', error.message);
  }
  return undefined;
}

/** @param reqId by which the line in the log is found */
function toFault(error: FastifyError, request: FastifyRequest, reqId: string): ProblemError {
  request.log.error(
    { err: error, reqId, path: pathOf(request) },
    'a request could not be answered',
  );
  return new ProblemError(500, 'Internal error', {
    en: `This is a fault of LLM Monitor. The log of the api service has the reason, under request ${reqId}.`,
    it: `È un errore di LLM Monitor. Il log del servizio api ne dice il motivo, alla richiesta ${reqId}.`,
  });
}

function storeAway(): ProblemError {
  return new ProblemError(
    503,
    'Redis cannot be reached',
    {
      en: 'The figures are kept in Redis, which does not answer now. Ask again in some seconds; if it lasts, see that Redis runs at REDIS_URL.',
      it: 'I dati sono in Redis, che ora non risponde. Riprova tra qualche secondo; se continua, controlla che Redis sia in funzione a REDIS_URL.',
    },
    { 'retry-after': RETRY_AFTER_SECONDS },
  );
}

export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/';
