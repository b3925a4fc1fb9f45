import { Type, type Static } from 'typebox';

/** Largest event on the bus, in bytes of UTF-8. A larger one is dead-lettered. */
export const MAX_EVENT_BYTES = 64 * 1024;

/** Header with the producer's clock at each send (RFC 3339). Lets a collector place an event without trusting that clock. */
export const SENT_AT_HEADER = 'Llm-Sent-At';

/** The fields of a CloudEvents 1.0 envelope in structured JSON; `data` is described beside each event. */
export const Envelope = Type.Object({
  specversion: Type.Literal('1.0'),
  /** `<requestId>:start | first-token | end | orphan` for request events; also sent as `Nats-Msg-Id`. */
  id: Type.String({ minLength: 1, maxLength: 256 }),
  /** The producer, e.g. `/apps/generator/instances/4f2a`. */
  source: Type.String({ minLength: 1, maxLength: 512 }),
  /** e.g. `llm.request.completed.v1` */
  type: Type.String({ pattern: '^llm\\.[a-z-]+\\.[a-z-]+\\.v[0-9]+$' }),
  /** RFC 3339, the producer's clock. */
  time: Type.String({ minLength: 10, maxLength: 40 }),
  subject: Type.Optional(Type.String({ maxLength: 1024 })),
  datacontenttype: Type.Optional(Type.String({ maxLength: 128 })),
});
export type Envelope = Static<typeof Envelope>;

/** An envelope with its data. */
export interface CloudEvent<Data> extends Envelope {
  data: Data;
}

/** Writes the envelope around `data`. `time` is RFC 3339 on the producer's clock. */
export function createEvent<Data>(event: {
  id: string;
  source: string;
  type: string;
  time: string;
  data: Data;
}): CloudEvent<Data> {
  return {
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: event.type,
    time: event.time,
    datacontenttype: 'application/json',
    data: event.data,
  };
}
