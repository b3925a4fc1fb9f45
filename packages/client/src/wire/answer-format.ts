import { resultOfThrown } from '../call/describe-error.ts';
import type { Answer } from './answer.ts';
import { describeRequest, type Endpoint } from './describe-request.ts';
import { createEitherReader } from './either-reader.ts';
import { createEventStreamReader } from './event-stream-reader.ts';
import { createObjectReader } from './object-reader.ts';
import type { WireFormat } from './wire-format.ts';

/** A protocol in the manner of OpenAI: JSON asks, and one JSON object answers, or a stream of server-sent events. */
export function answerFormat(endpoint: Endpoint, createAnswer: () => Answer): WireFormat {
  return {
    describe: (url, body) => describeRequest(endpoint, url, body),
    resultOfThrown,
    reader(head, tracker) {
      const answer = createAnswer();
      const events = () => createEventStreamReader(answer, tracker);
      const object = () => createObjectReader(head, answer, tracker);
      if (!head.ok) return object();
      return head.contentType.includes('event-stream')
        ? events()
        : createEitherReader({ object, events });
    },
  };
}
