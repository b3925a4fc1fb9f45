import type { BodyReader } from './wire-format.ts';

/** Of `data`, `event`, `id`, `retry`, and of what is none of them. */
const EVENTS_BEGIN: ReadonlySet<number> = new Set(Buffer.from('deir:'));
const BLANK = ' '.charCodeAt(0);
/** They only show in the words of an error. */
const MOST_BLANKS = 16;

/**
 * Reads an answer whose type does not say that it is events, as of small servers that stream them as `text/html` or `application/json`: SDKs
 * go by what they asked for and not by the type. Its first byte that is no blank tells which it is.
 */
export function createEitherReader(create: {
  object(): BodyReader;
  events(): BodyReader;
}): BodyReader {
  let reader: BodyReader | undefined;
  const blanks: Uint8Array[] = [];
  return {
    chunk(bytes, atMs) {
      const first = reader ? undefined : bytes.find((byte) => byte > BLANK);
      if (first !== undefined) {
        reader = EVENTS_BEGIN.has(first) ? create.events() : create.object();
        for (const one of blanks) reader.chunk(one, atMs);
      }
      if (reader) reader.chunk(bytes, atMs);
      // A copy of its own: what was given may be a small piece of memory that all calls share.
      else if (blanks.length < MOST_BLANKS) blanks.push(new Uint8Array(bytes));
    },
    end: (atMs) => (reader ?? create.object()).end(atMs),
    settled: () => reader?.settled?.(),
  };
}
