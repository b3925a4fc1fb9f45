import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import type { JsMsg } from '@nats-io/jetstream';

import { parseEvent, type Refusal, type RequestEvent } from '../core/parse-event.ts';
import { deliveryOf } from './delivery-of.ts';
import { readHeader } from './read-header.ts';

/** What a message of the requests stream says, or why it cannot be used. */
export function readEvent(message: JsMsg): RequestEvent | Refusal {
  return parseEvent({
    // The library has made a text of it already, to tell it from its own messages.
    subject: message.subject,
    body: message.data,
    sentAt: readHeader(message, SENT_AT_HEADER),
    brokerTimeMs: deliveryOf(message).storedAtMs,
  });
}
