import { readHealth, readReadiness, type Check } from '@llm-monitor/runtime';
import type { FastifyInstance } from 'fastify';

/** What starts containers asks these without a token; they say only whether the service lives. */
const OPEN = { access: 'open' } as const;

/** `/health`: the process runs. `/ready`: what it needs answers. */
export function installHealth(app: FastifyInstance, checks: readonly Check[]): void {
  app.get('/health', { config: OPEN, schema: { hide: true } }, () => readHealth('api'));
  app.get('/ready', { config: OPEN, schema: { hide: true } }, async (_request, reply) => {
    const readiness = await readReadiness('api', checks);
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
}
