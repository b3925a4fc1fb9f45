/** Keeps copies of the bytes that pass until they are read. What comes within a millisecond becomes one piece. */
export interface ByteLog {
  isEmpty(): boolean;
  /** Must be fast: it runs for each chunk, on the path of the call. */
  add(bytes: Uint8Array): void;
  /** Gives what was kept, with the time at which it came, on the clock of `performance.now()`, and keeps it no longer. */
  take(read: (bytes: Uint8Array, atMs: number) => void): void;
}

interface Piece {
  memory: Buffer;
  from: number;
  to: number;
  atMs: number;
}

const SLAB_BYTES = 64 * 1024;
const MOST_SHARED_BYTES = SLAB_BYTES / 8;

// Shared by all calls, since a memory of its own for each chunk costs more than all else that is done with it.
let slab: Buffer | undefined;
let used = 0;

export function createByteLog(): ByteLog {
  let pieces: Piece[] = [];
  let last: Piece | undefined;
  let lastMs = 0;
  const begin = (memory: Buffer, from: number, to: number) => {
    last = { memory, from, to, atMs: performance.now() };
    pieces.push(last);
  };
  return {
    isEmpty: () => last === undefined,
    add(bytes) {
      const { length } = bytes;
      // Reading this clock takes a fraction of what reading the other does.
      const nowMs = Date.now();
      const goesOn = nowMs === lastMs;
      lastMs = nowMs;
      if (length > MOST_SHARED_BYTES) return begin(Buffer.from(bytes), 0, length);
      if (!slab || used + length > SLAB_BYTES) {
        slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
        used = 0;
      }
      const from = used;
      slab.set(bytes, from);
      used += length;
      if (goesOn && last?.memory === slab && last.to === from) last.to = used;
      else begin(slab, from, used);
    },
    take(read) {
      const taken = pieces;
      pieces = [];
      last = undefined;
      for (const { memory, from, to, atMs } of taken) read(memory.subarray(from, to), atMs);
    },
  };
}
