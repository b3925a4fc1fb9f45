import type { CallTracker } from '../call/call-tracker.ts';
import { resultOfThrown } from '../call/describe-error.ts';
import type { Answer } from './answer.ts';
import { refusalOf } from './api-error.ts';
import { isObject, type JsonObject } from './json-fields.ts';
import { createTextCollector } from './text-collector.ts';
import { trackPiece, type BodyReader, type ResponseHead } from './wire-format.ts';

/** Reads an answer that is one JSON object, or a refusal, which the SDK throws as an error of this type. */
export function createObjectReader(
  head: ResponseHead,
  answer: Answer,
  tracker: CallTracker,
  errorType = 'APIError',
): BodyReader {
  const collector = createTextCollector();
  const end = (message: JsonObject, atMs: number) => {
    const said = answer.read(message);
    trackPiece({ ...said, atMs, end: answer.ending() }, tracker);
  };
  const refused = () => ({
    outcome: 'error' as const,
    error: refusalOf(head, collector.text(), errorType),
  });
  return {
    chunk: (bytes) => collector.add(bytes),
    // Who repeats a refused call, or has seen its status, reads no further.
    settled: () => (head.ok ? undefined : refused()),
    end(atMs) {
      const body = collector.text();
      if (!head.ok) tracker.end({ ...refused(), atMs });
      else if (collector.isComplete()) {
        const whole = parsed(body);
        if ('thrown' in whole) tracker.end(resultOfThrown(whole.thrown, atMs));
        else end(isObject(whole.value) ? whole.value : {}, atMs);
      } else {
        // Ollama has its counts in the object itself.
        const numbers = numbersInTail(body);
        end({ ...numbers, usage: numbers }, atMs);
      }
    },
  };
}

/** The app gets the same error when the text is no JSON: its client parses it too. */
function parsed(body: string): { value: unknown } | { thrown: unknown } {
  try {
    return { value: JSON.parse(body) };
  } catch (thrown) {
    return { thrown };
  }
}

/** The numbers at the end of an object that was too long to keep whole: an embedding of a large input. */
function numbersInTail(tail: string): JsonObject {
  const found: JsonObject = {};
  for (const [, name, digits] of tail.matchAll(/"([a-z_]+)":\s*(\d+)\s*[,}]/g)) {
    if (name) found[name] = Number(digits);
  }
  return found;
}
