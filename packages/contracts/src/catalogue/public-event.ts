import type { TSchema } from '../typebox/index.ts';

import type { STREAMS } from '../bus/streams.ts';

/** Which part of the monitor puts it on the bus. */
export type Sender = 'client' | 'agent' | 'collector' | 'api' | 'web' | 'alerts' | 'connectors';

/** What can be said of everything that is on the bus. */
interface OnTheBus {
  /** Its name in the document, camelCase: `requestStarted`. */
  name: string;
  title: string;
  /** The subject, with `{parameters}` of one token each; every parameter is one of `SUBJECT_PARAMETERS`. */
  address: string;
  /** When it is sent: a sentence for subscribers. */
  when: string;
  sentBy: readonly Sender[];
}

/** An event that anyone may subscribe to. What is listed here is documented in docs/asyncapi.yaml, and tested against it. */
export interface PublicEvent extends OnTheBus {
  /** `type` of the CloudEvent, e.g. `llm.request.started.v1`. */
  type: string;
  /** The schema of `data`, and its name in the document. */
  data: TSchema;
  dataName: string;
  /** The stream that keeps it; none: who does not listen at the moment misses it. */
  stream?: (typeof STREAMS)[keyof typeof STREAMS];
  /** A `data` that the schema takes, as it is really sent. */
  example: Readonly<Record<string, unknown>>;
  /** The `id` of the example, where ids mean something. */
  exampleId?: string;
}

/** What may be asked on the bus by those whose user may: a request with a reply, or a signal without one. Not a CloudEvent. */
export interface PublicCommand extends OnTheBus {
  /** JSON of this shape, or plain text. */
  payload: TSchema;
  payloadName: string;
  contentType: 'application/json' | 'text/plain';
  example: unknown;
  reply?: { schema: TSchema; schemaName: string; example: unknown };
}
