import type { Logger } from '@llm-monitor/runtime';
import type { FastifyInstance } from 'fastify';

import type { Gates } from './gates.ts';

/**
 * Lets all that Fastify has to say go to the service's logger. Given to it as its own, the logger would cost each answer more than all
 * that is checked here: names for every request, and listeners for the end of every answer, to write lines that are turned off.
 */
export function installLogging(app: FastifyInstance, gates: Gates, log: Logger): void {
  app.log = log;
  gates.install(app, {
    prepare(request, reply) {
      request.log = log;
      reply.log = log;
    },
  });
}
