import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { waitFor } from './wait-for.ts';

/** A client that says exactly what it is told, and keeps every byte that it gets. */
export interface RawClient {
  socket: Socket;
  write(bytes: string | Uint8Array): void;
  bytes(): Buffer;
  /** The same, each byte one character. */
  text(): string;
  /** How many times bytes came. */
  reads(): number;
  until(text: string): Promise<unknown>;
  /** How the other side ended the connection. */
  ended: Promise<'closed' | 'reset'>;
}

/** Connects to a server's URL. */
export async function connectRaw(url: string): Promise<RawClient> {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise<'closed' | 'reset'>((resolve) => {
    socket.once('error', () => resolve('reset'));
    socket.once('end', () => resolve('closed'));
  });
  await once(socket, 'connect');
  const bytes = () => Buffer.concat(parts);
  const text = () => bytes().toString('latin1');
  return {
    socket,
    bytes,
    text,
    ended,
    reads: () => parts.length,
    write: (more) => void socket.write(more),
    until: (wanted) =>
      waitFor(`"${wanted}" to come`, () => text().includes(wanted), { everyMs: 5 }),
  };
}

/** Sends a request on a connection of its own and gives the answer once the server has ended the connection. */
export async function exchangeRaw(url: string, request: string | Uint8Array): Promise<Buffer> {
  const client = await connectRaw(url);
  client.write(request);
  await client.ended;
  return client.bytes();
}

/** A request, with `Connection: close` unless it says otherwise. */
export function rawRequest(
  start: string,
  headers: readonly string[] = [],
  body: string | Uint8Array = '',
): Buffer {
  const lines = [`${start} HTTP/1.1`, 'Host: 127.0.0.1', ...headers];
  if (!headers.some((line) => /^connection:/i.test(line))) lines.push('Connection: close');
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

/** An answer in its parts. Bodies in chunks are put together; the chunks' own bounds are no part of a message. */
export function parseAnswer(bytes: Buffer): {
  status: string;
  headers: string[];
  body: Buffer;
  trailers: string[];
} {
  const end = bytes.indexOf('\r\n\r\n');
  const [status = '', ...headers] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const rest = bytes.subarray(end + 4);
  if (!headers.some((line) => /^transfer-encoding: *chunked$/i.test(line)) || rest.length === 0) {
    return { status, headers, body: rest, trailers: [] };
  }
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.subarray(at, lineEnd).toString('latin1'), 16);
    if (lineEnd === -1 || Number.isNaN(size)) throw new Error('the body is cut');
    at = lineEnd + 2;
    if (size === 0) break;
    parts.push(rest.subarray(at, at + size));
    at += size + 2;
  }
  const trailers = rest.subarray(at).toString('latin1').split('\r\n').filter(Boolean);
  return { status, headers, body: Buffer.concat(parts), trailers };
}
