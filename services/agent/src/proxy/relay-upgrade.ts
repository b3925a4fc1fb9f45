import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';

import { cutClient, cutOf } from './cut-client.ts';
import {
  AGENT_HEADER,
  headerTokens,
  requestHeaders,
  responseHeaders,
  type RawHeaders,
} from './hop-headers.ts';
import { originTarget, refusalOf, unreachable, type Refusal } from './refusal.ts';
import type { Proxy } from './relay-exchange.ts';
import type { Socket } from 'node:net';

/** Is this a WebSocket? Other upgrades (HTTP/2 over plain TCP, as Java's client asks for) are offers that a server may leave aside. */
export function isWebSocket(incoming: IncomingMessage): boolean {
  return (
    incoming.method === 'GET' &&
    headerTokens(incoming.rawHeaders, 'upgrade').includes('websocket') &&
    incoming.headers['content-length'] === undefined &&
    incoming.headers['transfer-encoding'] === undefined
  );
}

/** Passes a WebSocket through: its opening, and then all bytes of both sides. */
export function relayUpgrade(
  incoming: IncomingMessage,
  client: Socket,
  rest: Buffer,
  proxy: Proxy,
): void {
  const { upstream, instance } = proxy;
  client.on('error', () => undefined);
  const refusal = refusalOf(incoming, proxy);
  if (refusal) return refuse(client, refusal, instance);
  const request = upstream.request({
    method: 'GET',
    path: upstream.path(originTarget(incoming.url ?? '/')),
    headers: upgradeHeaders(incoming, proxy),
    pooled: false,
  });
  const forget = proxy.clients.onGone(client, () => request.destroy());
  const watched = watchLeaving(client);
  let isOver = false;
  request.once('upgrade', (answer, server: Socket, first: Buffer) => {
    isOver = true;
    watched.passOn();
    client.write(headBytes(answer, upgradeAnswerHeaders(answer, instance)));
    server.write(rest);
    if (first.length > 0) client.write(first);
    joinSockets(client, server);
    server.once('close', forget);
  });
  request.once('response', (answer) => {
    isOver = true;
    watched.drop();
    answer.once('close', forget);
    const headers = responseHeaders(answer.rawHeaders, { instance, chunked: false });
    client.write(headBytes(answer, [...headers, 'Connection', 'close']));
    answer.once('error', () => cutClient(client, 'reset'));
    answer.pipe(client);
  });
  request.on('error', (error) => {
    if (isOver) return;
    isOver = true;
    forget();
    if (request.socket?.connecting === false) cutClient(client, cutOf(request.socket));
    else refuse(client, unreachable(error, upstream), instance);
  });
  request.end();
}

/**
 * Ends a connection whose client has left. Nobody else reads what an HTTP server has given away, and only who reads hears of its end.
 * What the client sends meanwhile is kept until it is known for whom.
 */
function watchLeaving(client: Socket): { passOn(): void; drop(): void } {
  const look = () => void client.read(0);
  const leave = () => void client.destroy();
  client.on('readable', look);
  client.once('end', leave);
  return {
    passOn() {
      client.off('readable', look);
      client.off('end', leave);
    },
    drop() {
      client.off('readable', look);
      client.resume();
    },
  };
}

function upgradeHeaders(incoming: IncomingMessage, { upstream, instance }: Proxy): string[] {
  const { rawHeaders: raw } = incoming;
  const options = { host: upstream.host, instance, method: 'GET', framed: 'none' as const };
  return [...requestHeaders(raw, options), 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
}

function upgradeAnswerHeaders(answer: IncomingMessage, instance: string): string[] {
  const headers = responseHeaders(answer.rawHeaders, { instance, chunked: false });
  return [...headers, 'Connection', 'Upgrade', 'Upgrade', answer.headers.upgrade ?? 'websocket'];
}

function headBytes(answer: IncomingMessage, headers: RawHeaders): Buffer {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Each side's bytes, end and reset become the other's. */
function joinSockets(client: Socket, server: Socket): void {
  for (const socket of [client, server]) {
    socket.setNoDelay(true);
    socket.setTimeout(0);
  }
  const pass = (from: Socket, to: Socket) => {
    from.on('error', () => undefined);
    from.once('close', (hadError) => (hadError ? to.resetAndDestroy() : to.destroySoon()));
    from.pipe(to);
  };
  pass(client, server);
  pass(server, client);
}

/** Answers on a connection that no HTTP server looks after any more. */
export function refuse(client: Duplex, { status, error }: Refusal, instance: string): void {
  const body = JSON.stringify({ error });
  client.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n${AGENT_HEADER}: ${instance}\r\n\r\n${body}`,
  );
}
