import type { Socket } from 'node:net';

/** What a request that never became one was, by Node's code of the error; anything else is no HTTP. */
const PROBLEMS: Readonly<Record<string, readonly [status: number, title: string, detail: string]>> =
  {
    HPE_HEADER_OVERFLOW: [
      ...([431, 'Headers too large'] as const),
      'The address and the headers of a request may have 16 KiB. Send less.',
    ],
    ERR_HTTP_REQUEST_TIMEOUT: [
      ...([408, 'Too slow'] as const),
      'The request did not come in time. Send it at once.',
    ],
  };
const NO_HTTP = [400, 'No HTTP', 'This is no request of HTTP, or one that is malformed.'] as const;

/** Answers what comes over a connection and is no request, as every other error is answered, and ends the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  // Whoever has left hears nothing.
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, title, detail] = PROBLEMS[error.code ?? ''] ?? NO_HTTP;
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  if (socket.writable) {
    const head = [
      `HTTP/1.1 ${status} ${title}`,
      'Content-Type: application/problem+json',
      ...[`Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'],
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}
