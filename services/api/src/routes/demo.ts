import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { DemoState } from '@llm-monitor/contracts/rest';
import { Type } from '@llm-monitor/contracts/typebox';

import { BusAwayError } from '../adapters/demo-player.ts';
import { ProblemError } from '../problem.ts';
import { answers } from './answers.ts';
import type { RouteContext } from './route-context.ts';

const RETRY_AFTER_SECONDS = '2';
const state = (description: string) => answers(description, Type.Ref('DemoState#'));

export const demoRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { demo } = context;
  // A foreign page can send text without asking first. JSON it cannot.
  app.removeContentTypeParser('text/plain');
  app.get(
    '/api/demo',
    {
      schema: {
        tags: ['now'],
        summary: 'Whether the API plays demo traffic',
        querystring: Type.Object({}),
        response: state('A demo that runs in a terminal is not told here'),
      },
    },
    () => orBusAway(() => demo.state()),
  );
  app.post(
    '/api/demo/start',
    {
      schema: {
        tags: ['now'],
        summary: 'Play demo traffic for ten minutes',
        description:
          'Marked as demo, it stays out of all figures. Where it is played already, nothing changes.',
        response: state('It is played'),
      },
    },
    () => orBusAway(() => demo.start()),
  );
  app.post(
    '/api/demo/stop',
    {
      schema: {
        tags: ['now'],
        summary: 'Stop the demo traffic that the API plays',
        response: state('It is played no more; its running calls are cancelled'),
      },
    },
    async () => {
      if (await orBusAway(() => demo.stop())) return { running: false, until: null };
      throw new ProblemError(404, 'No demo', {
        en: 'No demo traffic was started from here. One that runs in a terminal ends there, with Ctrl+C.',
        it: 'Da qui non è stato avviato traffico demo. Quello di un terminale finisce lì, con Ctrl+C.',
      });
    },
  );
  done();
};

async function orBusAway<T extends DemoState | boolean>(play: () => Promise<T>): Promise<T> {
  try {
    return await play();
  } catch (error) {
    if (!(error instanceof BusAwayError)) throw error;
    throw new ProblemError(
      503,
      'NATS is away',
      {
        en: 'Demo traffic is played over NATS. See that it runs at NATS_URL; ask again.',
        it: 'Il traffico demo passa per NATS. Controlla che sia in funzione a NATS_URL e riprova.',
      },
      { 'retry-after': RETRY_AFTER_SECONDS },
    );
  }
}
