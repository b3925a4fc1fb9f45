import { readHealth, readReadiness, type Check } from '@llm-monitor/runtime';
import type { FastifyInstance } from 'fastify';

/** `/health`: the process runs. `/ready`: what it needs answers. */
export function installHealth(app: FastifyInstance, checks: readonly Check[]): void {
  app.get('/health', { schema: { hide: true } }, () => readHealth('api'));
  app.get('/ready', { schema: { hide: true } }, async (_request, reply) => {
    const readiness = await readReadiness('api', checks);
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
}
