import { Type, type Static } from '../typebox/index.ts';

/** The fields of a CloudEvents 1.0 envelope in structured JSON; `data` is described beside each event. */
export const Envelope = Type.Object({
  specversion: Type.Literal('1.0'),
  /** `<requestId>:start | first-token | end | orphan` for request events; also sent as `Nats-Msg-Id`. */
  id: Type.String({ minLength: 1, maxLength: 256 }),
  /** The producer, e.g. `/apps/generator/instances/4f2a`. */
  source: Type.String({ minLength: 1, maxLength: 512 }),
  /** e.g. `llm.request.completed.v1` */
  type: Type.String({ pattern: '^llm(\\.[a-z-]+){1,2}\\.v[0-9]+$' }),
  /** RFC 3339, the producer's clock. */
  time: Type.String({ minLength: 10, maxLength: 40 }),
  /** Where it was published on NATS, for those who get it another way. */
  subject: Type.Optional(Type.String({ maxLength: 1024 })),
  datacontenttype: Type.Optional(Type.String({ maxLength: 128 })),
});
export type Envelope = Static<typeof Envelope>;
