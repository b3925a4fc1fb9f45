import type { BodyReader } from './wire-format.ts';

/** Of `data`, `event`, `id`, `retry`, and of what is none of them. */
const EVENTS_BEGIN: ReadonlySet<number> = new Set(Buffer.from('deir:'));
const BLANK = ' '.charCodeAt(0);

/**
 * Reads an answer whose type says nothing, as of small servers that stream events as `text/html`: SDKs go by what they asked for and not by
 * the type. Its first byte that is no blank tells which it is.
 */
export function createEitherReader(create: {
  object(): BodyReader;
  events(): BodyReader;
}): BodyReader {
  let reader: BodyReader | undefined;
  return {
    chunk(bytes, atMs) {
      const first = reader ? undefined : bytes.find((byte) => byte > BLANK);
      if (first !== undefined) {
        reader = EVENTS_BEGIN.has(first) ? create.events() : create.object();
      }
      reader?.chunk(bytes, atMs);
    },
    end: (atMs) => (reader ?? create.object()).end(atMs),
    settled: () => reader?.settled?.(),
  };
}
