import type { BodyEdges } from '@llm-monitor/client/observe';

const MAX_WHOLE_BYTES = 512 * 1024;
const EDGE_BYTES = 4096;
const NOTHING: Buffer = Buffer.alloc(0);

/** Keeps a copy of a body that goes by: all of a short one, the beginning and the end of a long one. Its memory is bounded. */
export interface BodyCopy {
  add(bytes: Buffer): void;
  /** Gives what was kept, and keeps it no longer. */
  take(): Uint8Array | BodyEdges | undefined;
}

export function createBodyCopy(): BodyCopy {
  let whole: Buffer[] = [];
  let length = 0;
  let start: Buffer | undefined;
  let end = NOTHING;

  /** Copies, so that the chunks themselves can be freed. */
  const shorten = () => {
    const all = Buffer.concat(whole);
    start = Buffer.from(all.subarray(0, EDGE_BYTES));
    end = Buffer.from(all.subarray(-EDGE_BYTES));
    whole = [];
  };
  return {
    add(bytes) {
      length += bytes.length;
      if (start) {
        end =
          bytes.length >= EDGE_BYTES
            ? Buffer.from(bytes.subarray(-EDGE_BYTES))
            : Buffer.concat([end, bytes]).subarray(-EDGE_BYTES);
        return;
      }
      whole.push(bytes);
      if (length > MAX_WHOLE_BYTES) shorten();
    },
    take() {
      const chunks = whole;
      whole = [];
      if (start) return { start: start.toString('utf8'), end: end.toString('utf8'), length };
      if (chunks.length === 0) return undefined;
      return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    },
  };
}
