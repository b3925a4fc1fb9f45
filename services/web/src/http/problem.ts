import type { Problem } from '@llm-monitor/contracts/rest';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';

export function sendProblem(reply: FastifyReply, problem: Omit<Problem, 'type'>): FastifyReply {
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send({ type: 'about:blank', ...problem });
}

/** Errors that nothing else has answered. What went wrong inside is for the log. */
export function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) {
      return sendProblem(reply, { status, title: error.message, detail: 'Change the request.' });
    }
    request.log.error({ err: error, path: request.url }, 'a request failed');
    const detail = 'This is a fault of the web service: its log says more.';
    return sendProblem(reply, { status: 500, title: 'Internal error', detail });
  });
}
