import type { Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const CRLF = Buffer.from('\r\n');

/** Reads the HTTP/1.1 requests of a connection, one after the other, and keeps them as they came. */
export function readRequests(
  socket: Socket,
  onRequest: (head: string[], body: Buffer) => void,
): void {
  let held: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  const take = () => {
    for (;;) {
      const end = held.indexOf(HEAD_END);
      if (end === -1) return;
      const head = held.subarray(0, end).toString('latin1').split('\r\n');
      const read = readBody(head, held.subarray(end + HEAD_END.length));
      if (!read) return;
      held = read.rest;
      onRequest(head, read.body);
    }
  };
  // A large body is put together once, when all of it must be there.
  let parts: Buffer[] = [];
  let missing = 0;
  socket.on('data', (chunk: Buffer) => {
    parts.push(chunk);
    missing -= chunk.length;
    if (missing > 0) return;
    held = Buffer.concat([held, ...parts]);
    parts = [];
    take();
    missing = missingOf(held);
  });
}

/** How many bytes a request that was begun still lacks, as far as it says. */
function missingOf(held: Buffer): number {
  const end = held.indexOf(HEAD_END);
  if (end === -1) return 0;
  const head = held.subarray(0, end).toString('latin1').split('\r\n');
  return end + HEAD_END.length + Number(headerOf(head, 'content-length') ?? 0) - held.length;
}

/** The value of a header; undefined when there is none. */
export function headerOf(head: readonly string[], name: string): string | undefined {
  const start = `${name.toLowerCase()}:`;
  const line = head.find((one) => one.toLowerCase().startsWith(start));
  return line?.slice(start.length).trim();
}

interface Body {
  body: Buffer;
  rest: Buffer;
}

function readBody(head: readonly string[], bytes: Buffer): Body | undefined {
  if (headerOf(head, 'transfer-encoding') === 'chunked') return readChunks(bytes);
  const length = Number(headerOf(head, 'content-length') ?? 0);
  if (bytes.length < length) return undefined;
  return { body: Buffer.from(bytes.subarray(0, length)), rest: bytes.subarray(length) };
}

function readChunks(bytes: Buffer): Body | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf(CRLF, at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { body: Buffer.concat(parts), rest: bytes.subarray(next) };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
