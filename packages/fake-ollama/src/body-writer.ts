import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';

import type { Chunking } from './script.ts';

/** Writes the lines of a body in chunks of a chosen shape, and waits where the reader is slow. */
export interface BodyWriter {
  write(text: string): Promise<void>;
  /** Sends what a chunk that is not full yet holds back. */
  flush(): Promise<void>;
  end(): void;
}

export function createBodyWriter(
  response: ServerResponse,
  options: { chunking?: Chunking; gzip: boolean; signal: AbortSignal },
): BodyWriter {
  const { chunking = { lines: 1 }, gzip, signal } = options;
  const sink = gzip ? compressed(response) : response;
  let held = Buffer.alloc(0);
  let lines = 0;
  const send = async (chunk: Buffer) => {
    signal.throwIfAborted();
    if (!sink.write(chunk)) await once(sink, 'drain', { signal });
    // A turn of the loop between two writes keeps them two chunks.
    await setImmediate();
  };
  const flush = async () => {
    const chunk = held;
    held = Buffer.alloc(0);
    lines = 0;
    if (chunk.length > 0) await send(chunk);
  };
  return {
    flush,
    end: () => void sink.end(),
    async write(text) {
      held = Buffer.concat([held, Buffer.from(text)]);
      lines += 1;
      if ('lines' in chunking) {
        if (lines >= chunking.lines) await flush();
        return;
      }
      while (held.length >= chunking.bytes) {
        const chunk = held.subarray(0, chunking.bytes);
        held = held.subarray(chunking.bytes);
        await send(chunk);
      }
    },
  };
}

/** Every chunk goes out at once, as from a server that compresses its streams. */
function compressed(response: ServerResponse): Writable {
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  gzip.pipe(response);
  return gzip;
}
