/** More of a body that comes in pieces is not read: what one side of a copy has read waits in memory for the other. */
const MOST_BYTES = 512 * 1024;

/** The body of a Request, which can only be read later. */
export class PendingBody {
  /** Undefined until all of it is there. */
  bytes: Uint8Array | undefined;
  /** Reads no further: until then the app's own stream does not hear that nobody wants more of it. */
  stop: () => void = () => undefined;
}

/** Begins to read a copy of a request's body. One that is in memory is there long before anybody asks for it. */
export function readClone(request: Request): PendingBody {
  const pending = new PendingBody();
  const reader = request.clone().body?.getReader();
  if (!reader) return pending;
  // The app gets the error of its own body from the fetch itself.
  pending.stop = () => void reader.cancel().catch(() => undefined);
  readAll(reader).then(
    (bytes) => (pending.bytes = bytes),
    () => undefined,
  );
  return pending;
}

/** Undefined for more than is worth it. What is in memory comes in one piece, however long. */
async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts.length === 1 ? parts[0] : Buffer.concat(parts);
    parts.push(value);
    length += value.length;
    if (length <= MOST_BYTES || parts.length === 1) continue;
    await reader.cancel();
    return undefined;
  }
}
