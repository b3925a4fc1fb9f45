import { parseEvent, type Refusal, type RequestEvent } from '../core/parse-event.ts';
import { bodyOf, sentAtOf, type HeldMessage } from './held-message.ts';

/** What a message of the requests stream says, or why it cannot be used. */
export function readEvent(message: HeldMessage): RequestEvent | Refusal {
  return parseEvent({
    subject: message.subject,
    body: bodyOf(message),
    sentAt: sentAtOf(message),
    brokerTimeMs: message.storedAtMs,
  });
}
