import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@llm-monitor/contracts/typebox';

import { createEventHub } from '../adapters/event-hub.ts';
import { createEventStream } from '../events/event-stream.ts';
import { parsePatterns, PATTERNS_FORM } from '../events/subject-patterns.ts';
import { badParameter, ProblemError } from '../problem.ts';
import { problemAnswer } from './answers.ts';
import { demoParameter, toDemoFilter } from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const DEFAULT_SUBJECT = 'llm.request.>';
const RETRY_AFTER_SECONDS = '5';

/** Bounds of all streams of events together. */
export interface EventStreamLimits {
  maxStreams: number;
  /** Kept for one reader that is slow. */
  maxBytes: number;
  heartbeatMs: number;
}
const LIMITS: EventStreamLimits = { maxStreams: 100, maxBytes: 1024 * 1024, heartbeatMs: 15_000 };

const EventsQuery = Type.Object({
  subject: Type.Optional(
    Type.String({
      maxLength: 4096,
      description: `${PATTERNS_FORM}; by default ${DEFAULT_SUBJECT}`,
    }),
  ),
  demo: demoParameter,
});

export const eventRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { maxStreams, maxBytes, heartbeatMs } = context.eventStreams ?? LIMITS;
  const hub = createEventHub(context.bus);
  app.addHook('preClose', (closed) => {
    hub.close();
    closed();
  });
  app.get(
    '/api/events',
    {
      // It would never end.
      exposeHeadRoute: false,
      schema: {
        tags: ['now'],
        summary: 'Events as they happen, as a stream of server-sent events',
        description:
          'Of each event `id` is its id, `event` its type, `data` the CloudEvent; docs/asyncapi.yaml describes them. The bridge’s own words: `lost` when NATS is away and `back` when it is there again, `cut-off` as the last one for who reads too slowly, `closing` when the API ends. What happens while you are not connected is not made up for: GET /api/requests has it.',
        querystring: EventsQuery,
        response: {
          200: {
            description: 'Events, without an end',
            content: { 'text/event-stream': { schema: Type.Unsafe<unknown>(Type.String()) } },
          },
          '4xx': problemAnswer('What is wrong, and what to do'),
          503: problemAnswer('NATS is away, or too many listen'),
        },
      },
    },
    async (request, reply) => {
      const { subject = DEFAULT_SUBJECT } = request.query;
      const patterns = parsePatterns(subject);
      if (!patterns) throw badParameter('subject', subject, PATTERNS_FORM);
      if (hub.listeners() >= maxStreams) throw tooMany(maxStreams);
      const demo = toDemoFilter(request.query.demo);
      const stream = createEventStream({ maxBytes, onEnd: () => stop() });
      const listening = hub.listen({
        patterns,
        notice: stream.notice,
        event(event) {
          if (demo === 'include' || event.demo === (demo === 'only')) stream.send(event);
        },
      });
      const beat = setInterval(stream.beat, heartbeatMs);
      const stop = () => {
        clearInterval(beat);
        listening?.stop();
      };
      const isHeard = await listening?.whenHeard().then(
        () => true,
        () => false,
      );
      if (!isHeard) {
        stream.body.destroy();
        throw busAway();
      }
      void reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        // For proxies that would wait until there is more.
        .header('x-accel-buffering', 'no');
      return reply.send(stream.body);
    },
  );
  done();
};

const busAway = () =>
  new ProblemError(
    503,
    'NATS is away',
    'Events come from NATS, which does not answer now. See that it runs at NATS_URL; ask again.',
    { 'retry-after': RETRY_AFTER_SECONDS },
  );

const tooMany = (max: number) =>
  new ProblemError(
    503,
    'Too many streams',
    `${max} streams of events are open, which is all that there may be. Close one, or listen to NATS itself.`,
    { 'retry-after': RETRY_AFTER_SECONDS },
  );
