import type { CallTracker } from '../../call/call-tracker.ts';
import { parseObject } from '../json-fields.ts';
import type { BodyReader, ResponseHead } from '../wire-format.ts';
import { createOllamaObjectReader, createOllamaStreamReader } from './ollama-response.ts';

const NEWLINE = 10;
const BLANK = 32;
/** The first line of a stream is shorter. */
const MAX_LINE_BYTES = 64 * 1024;

interface Chunk {
  bytes: Uint8Array;
  atMs: number;
}

/**
 * Reads an answer whose type does not say whether it is one object or a line for each piece: some servers that stand before an Ollama send its
 * streams as `application/json`. They are lines where the first line is an object that is not the last one, or that something follows.
 */
export function createOllamaEitherReader(head: ResponseHead, tracker: CallTracker): BodyReader {
  let reader: BodyReader | undefined;
  let held: Chunk[] = [];
  let heldBytes = 0;
  let hasLine = false;
  const decide = (isLines: boolean) => {
    reader = isLines ? createOllamaStreamReader(tracker) : createOllamaObjectReader(head, tracker);
    for (const { bytes, atMs } of held) reader.chunk(bytes, atMs);
    held = [];
    return reader;
  };
  return {
    chunk(bytes, atMs) {
      if (reader) return reader.chunk(bytes, atMs);
      // A copy of its own: what was given may be a small piece of memory that all calls share.
      held.push({ bytes: new Uint8Array(bytes), atMs });
      heldBytes += bytes.length;
      hasLine ||= bytes.includes(NEWLINE);
      const isLines = hasLine ? beginsWithLine(held) : undefined;
      if (isLines !== undefined) decide(isLines);
      else if (heldBytes > MAX_LINE_BYTES) decide(false);
      return undefined;
    },
    end: (atMs) => (reader ?? decide(false)).end(atMs),
    settled: () => reader?.settled?.(),
  };
}

/** Undefined: what came so far does not tell. */
function beginsWithLine(held: readonly Chunk[]): boolean | undefined {
  const bytes = Buffer.concat(held.map((chunk) => chunk.bytes));
  const begin = bytes.findIndex((byte) => byte > BLANK);
  const end = begin === -1 ? -1 : bytes.indexOf(NEWLINE, begin);
  if (end === -1) return undefined;
  const first = parseObject(bytes.toString('utf8', begin, end));
  if (!first) return false;
  if (first['done'] === false) return true;
  return bytes.subarray(end).some((byte) => byte > BLANK) ? true : undefined;
}
