import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';

import type { Chunking } from './script.ts';

/** Writes lines into a response in chunks of a chosen shape, and waits where the reader is slow. */
export interface LineWriter {
  write(text: string): Promise<void>;
  /** Sends what a chunk that is not full yet holds back. */
  flush(): Promise<void>;
}

export function createLineWriter(
  response: ServerResponse,
  chunking: Chunking,
  signal: AbortSignal,
): LineWriter {
  let held = Buffer.alloc(0);
  let lines = 0;
  const send = async (chunk: Buffer) => {
    signal.throwIfAborted();
    if (!response.write(chunk)) await once(response, 'drain', { signal });
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
