import type { Problem } from '@llm-monitor/contracts/rest';
import type { FastifyReply } from 'fastify';

export function sendProblem(reply: FastifyReply, problem: Omit<Problem, 'type'>): FastifyReply {
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send({ type: 'about:blank', ...problem });
}
