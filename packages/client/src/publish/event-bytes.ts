const SLAB_BYTES = 64 * 1024;
const MOST_SHARED_BYTES = SLAB_BYTES / 8;
/** Of UTF-8, for a UTF-16 code unit. */
const MOST_BYTES_A_UNIT = 3;

/**
 * Makes UTF-8 of payloads of events that may have to wait, in memory that they share: of its own each would cost more than writing it.
 * That of `Buffer` the app has a part in, so that each event could keep eight times its size. The last of them that waits keeps the
 * memory of all: those that are given up together belong together, and what waits for long is better off alone.
 */
export function createEventBytes(): (payload: string) => Uint8Array {
  let slab: Buffer | undefined;
  let used = 0;
  return (payload) => {
    const most = MOST_BYTES_A_UNIT * payload.length;
    if (most > MOST_SHARED_BYTES) {
      const own = Buffer.allocUnsafeSlow(Buffer.byteLength(payload));
      own.write(payload);
      return own;
    }
    if (!slab || used + most > SLAB_BYTES) {
      slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      used = 0;
    }
    const from = used;
    used += slab.write(payload, from);
    return slab.subarray(from, used);
  };
}

/** The same bytes in memory of their own. */
export function aloneBytes(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
