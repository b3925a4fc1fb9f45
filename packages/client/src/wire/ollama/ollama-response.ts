import type { CallResult } from '../../call/call-result.ts';
import type { CallTracker } from '../../call/call-tracker.ts';
import { resultOfThrown } from '../../call/describe-error.ts';
import type { Answer, Ending } from '../answer.ts';
import { parseObject } from '../json-fields.ts';
import { createLineShape } from '../line-shape.ts';
import { createLineSplitter } from '../line-splitter.ts';
import { createObjectReader } from '../object-reader.ts';
import {
  trackPiece,
  trackRun,
  type BodyReader,
  type Piece,
  type ResponseHead,
} from '../wire-format.ts';
import { readOllamaMessage } from './ollama-message.ts';

/** What ollama-js says when a stream ends without its last line. */
const NO_FINAL_LINE = 'Did not receive done or success response in stream.';

/** Reads a streamed answer line by line. The call ends at its final line: ollama-js never reads further. */
export function createOllamaStreamReader(tracker: CallTracker): BodyReader {
  let arrivedMs = 0;
  const shape = createLineShape();
  const read = (line: string): Piece | undefined => {
    const message = parseObject(line);
    if (!message) return undefined;
    const piece = readOllamaMessage(message, arrivedMs);
    if (!piece.end && piece.isOutput && piece.chars === piece.text.length) {
      shape.learn(line, piece.text, { stamp: message['created_at'] });
    }
    return piece;
  };
  const splitter = createLineSplitter(
    (line) => {
      const piece = read(line);
      if (piece) trackPiece(piece, tracker);
    },
    (text, from) => trackRun(shape.readRun(text, from), arrivedMs, tracker),
  );
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

/** Reads an answer that is one JSON object, or a refusal, in the words that ollama-js throws. */
export function createOllamaObjectReader(head: ResponseHead, tracker: CallTracker): BodyReader {
  let ending: Ending = { outcome: 'completed' };
  const answer: Answer = {
    read(message) {
      const piece = readOllamaMessage({ ...message, done: true }, 0);
      if (piece.end) ending = piece.end;
      return piece;
    },
    state: () => 'finished',
    ending: () => ending,
  };
  return createObjectReader(head, answer, tracker, 'ResponseError');
}

/** ollama-js's own error for a stream without its end is told from other failures by its text: it has no class. */
export function ollamaResultOfThrown(thrown: unknown, atMs: number): CallResult {
  const result = resultOfThrown(thrown, atMs);
  return result.error?.message === NO_FINAL_LINE ? incomplete(atMs) : result;
}

function incomplete(atMs: number): CallResult {
  return { outcome: 'incomplete', error: { type: 'Error', message: NO_FINAL_LINE }, atMs };
}
