import type { CallResult } from '../../call/call-result.ts';
import type { CallTracker } from '../../call/call-tracker.ts';
import { cleanMessage, resultOfThrown } from '../../call/describe-error.ts';
import { isObject, parseObject, text, type JsonObject } from '../json-fields.ts';
import { createLineSplitter } from '../line-splitter.ts';
import { readOllamaMessage, readOllamaNumbers } from './ollama-message.ts';
import { createTextCollector } from '../text-collector.ts';
import { trackPiece, type BodyReader, type ResponseHead } from '../wire-format.ts';

/** What ollama-js says when a stream ends without its last line. */
const NO_FINAL_LINE = 'Did not receive done or success response in stream.';

/** Reads a streamed answer line by line. The call ends at its final line: ollama-js never reads further. */
export function createOllamaStreamReader(tracker: CallTracker): BodyReader {
  let arrivedMs = 0;
  const splitter = createLineSplitter((line) => {
    const message = parseObject(line);
    if (message) trackPiece(readOllamaMessage(message, arrivedMs), tracker);
  });
  return {
    chunk(bytes, atMs) {
      arrivedMs = atMs;
      splitter.add(bytes);
    },
    end(atMs) {
      arrivedMs = atMs;
      splitter.end();
      tracker.end(incomplete(atMs));
    },
  };
}

/** Reads an answer that is one JSON object, or a refusal. */
export function createOllamaObjectReader(head: ResponseHead, tracker: CallTracker): BodyReader {
  const collector = createTextCollector();
  return {
    chunk: (bytes) => collector.add(bytes),
    end(atMs) {
      const body = collector.text();
      if (!head.ok) tracker.end({ ...refusal(head, body), atMs });
      else if (collector.complete) trackWhole(body, tracker, atMs);
      else {
        tracker.end({ outcome: 'completed', atMs, ...readOllamaNumbers(numbersInTail(body)) });
      }
    },
  };
}

/** ollama-js's own error for a stream without its end is told from other failures by its text: it has no class. */
export function ollamaResultOfThrown(thrown: unknown, atMs: number): CallResult {
  const result = resultOfThrown(thrown, atMs);
  return result.error?.message === NO_FINAL_LINE ? incomplete(atMs) : result;
}

function incomplete(atMs: number): CallResult {
  return { outcome: 'incomplete', error: { type: 'Error', message: NO_FINAL_LINE }, atMs };
}

/** The result of a call that the server refused, in the words that ollama-js throws. */
function refusal(head: ResponseHead, body: string): Omit<CallResult, 'atMs'> {
  const isJson = head.contentType.includes('application/json');
  const said = isJson ? text(parseObject(body)?.['error']) : text(body);
  const message = cleanMessage(said ?? `Error ${head.status}: ${head.statusText}`);
  return { outcome: 'error', error: { type: 'ResponseError', message, status: head.status } };
}

function trackWhole(body: string, tracker: CallTracker, atMs: number): void {
  try {
    const message: unknown = JSON.parse(body);
    const whole = isObject(message) ? { ...message, done: true } : { done: true };
    trackPiece(readOllamaMessage(whole, atMs), tracker);
  } catch (error) {
    // The app gets this error too: its client parses the same text.
    tracker.end(resultOfThrown(error, atMs));
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
