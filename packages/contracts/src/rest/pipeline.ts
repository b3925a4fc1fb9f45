import { Type, type Static, type TSchema } from '../typebox/index.ts';

import { DEAD_LETTER_REASONS } from '../events/dead-letter.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });
const time = (description?: string) =>
  Type.String({ format: 'date-time', ...(description === undefined ? {} : { description }) });

/** One stream of NATS and how far the collectors are with it. */
export const PipelineStream = Type.Object({
  name: Type.String({ description: 'as NATS calls it' }),
  messages: count('kept now'),
  bytes: count(),
  max_bytes: nullable(count('the oldest are dropped beyond; null: unlimited')),
  max_age: nullable(Type.Number({ description: 'seconds; older ones are dropped; null: never' })),
  first_sequence: count('of the oldest message kept'),
  last_sequence: count(),
  oldest_at: nullable(time('when the oldest message kept came')),
  pending: count('not yet handed to a collector'),
  in_flight: count('handed to a collector and not yet acknowledged'),
  redeliveries: count('messages handed out again, as long as this store lives'),
  delivered_sequence: count('the last one handed out'),
  ack_floor: count('all up to this one are collected'),
  lag: nullable(
    Type.Number({ description: 'seconds: how old the oldest event is that waits; 0 when none' }),
  ),
  lost: count('events that the stream dropped before a collector took them'),
});
export type PipelineStream = Static<typeof PipelineStream>;

/** `GET /api/pipeline`: where events wait, where they were lost, and where they were refused. */
export const Pipeline = Type.Object(
  {
    status: Type.Enum(['ok', 'behind', 'stalled', 'unknown'], {
      description:
        'behind: events wait, and move; stalled: they wait, and none moves; unknown: NATS does not answer',
    }),
    detail: nullable(Type.String({ description: 'for a person: what is wrong, and what to do' })),
    collectors: Type.Array(
      Type.Object({
        name: Type.String(),
        online: Type.Boolean(),
        last_seen: time(),
      }),
    ),
    streams: nullable(
      Type.Array(PipelineStream, { description: 'null: NATS does not answer at the moment' }),
    ),
    lost_events: count('by all streams, before a collector took them'),
    dead_letters: nullable(
      Type.Object({
        count: count(),
        last_at: nullable(time()),
      }),
    ),
    dropped_events: count('given up by clients heard of in the last 15 minutes'),
    dropped_requests: count('calls that are missing for it'),
    shed: Type.Object(
      {
        retention: count('older than RETENTION_DAYS'),
        max_requests: count('more than MAX_REQUESTS'),
        memory: count('Redis came near its maxmemory'),
        last_at: nullable(time()),
        oldest_kept_at: nullable(time('nothing older is in the history')),
      },
      { description: 'calls that the history no longer has; totals still count them' },
    ),
  },
  { $id: 'Pipeline' },
);
export type Pipeline = Static<typeof Pipeline>;

/** One of `GET /api/dead-letters`, newest first: a message that a collector could not use. */
export const DeadLetter = Type.Object(
  {
    sequence: count('its name here'),
    at: time('when it was refused'),
    reason: Type.Enum([...DEAD_LETTER_REASONS]),
    detail: Type.String({ description: 'which field, which rule' }),
    subject: Type.String({ description: 'where it was published' }),
    bytes: count('of its body'),
    body: Type.String({ description: 'in the list its first 200 characters, alone 8 KiB' }),
    truncated: Type.Boolean(),
  },
  { $id: 'DeadLetter' },
);
export type DeadLetter = Static<typeof DeadLetter>;

/** `POST /api/dead-letters/:sequence/retry`. */
export const DeadLetterRetry = Type.Object(
  {
    sequence: count(),
    stream_sequence: count(
      'where the message now is in its stream; a collector takes it from there',
    ),
  },
  { $id: 'DeadLetterRetry' },
);
export type DeadLetterRetry = Static<typeof DeadLetterRetry>;
