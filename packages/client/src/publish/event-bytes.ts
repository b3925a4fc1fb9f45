const SLAB_BYTES = 64 * 1024;
const MOST_SHARED_BYTES = SLAB_BYTES / 8;
/** Of UTF-8, for a UTF-16 code unit. */
const MOST_BYTES_A_UNIT = 3;

let slab: Buffer | undefined;
let used = 0;

/**
 * The payload of an event that may have to wait, as UTF-8 in memory that events share: of its own each would cost more than writing it.
 * That of `Buffer` the app has a part in, so that each event could keep eight times its size.
 */
export function eventBytes(payload: string): Uint8Array {
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
}
