import { STATUS_CODES, ServerResponse, type IncomingMessage } from 'node:http';

import type { Problem } from '@llm-monitor/contracts/rest';

/** What a door says of itself to who may not come in. */
export type SocketRefusal = Pick<Problem, 'status' | 'title' | 'detail'>;

/**
 * Answers who may open no websocket, with why. Engine.IO itself has one status for all refusals (400), and of an offered websocket it hands
 * out no response that could be written.
 */
export function answerRefused(
  request: IncomingMessage,
  response: unknown,
  refusal: SocketRefusal,
): void {
  const body = JSON.stringify({ type: 'about:blank', ...refusal });
  const headers = {
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  };
  // Of an offer it is something that has the same name and writes nothing.
  if (response instanceof ServerResponse) {
    response.writeHead(refusal.status, headers).end(body);
    return;
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const { socket } = request;
  socket.on('error', () => undefined);
  socket.end(
    [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`, ...head, '', body].join('\r\n'),
    () => socket.destroy(),
  );
}
