import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What a server hears with `upgrade`. */
interface Offer {
  incoming: IncomingMessage;
  socket: Duplex;
  /** what came behind the head */
  rest: Buffer;
}

/**
 * Answers a request that offers another protocol as if it had not. Such an offer may be left aside (HTTP/2 over plain TCP, which
 * Java's client and `curl --http2` make with their first request), but Node takes every one for accepted where a server hears of any.
 */
export function declineUpgrade(server: Server, offer: Offer): void {
  const { incoming, socket, rest } = offer;
  const before = answerUnderWay(socket);
  if (before) {
    socket.on('error', () => undefined);
    before.once('close', () => declineUpgrade(server, offer));
  } else if (socket.destroyed || socket.readableEnded) {
    socket.destroy();
  } else {
    socket.unshift(withoutUpgrade(incoming, rest));
    // A server of HTTPS begins with a connection when its handshake is over.
    server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket);
  }
}

/** What an earlier request on the same connection still waits for. Node has no public word for it; a later answer would wait for ever. */
function answerUnderWay(socket: Duplex): ServerResponse | null | undefined {
  return (socket as Duplex & { _httpMessage?: ServerResponse | null })._httpMessage;
}

/** The request again, without its offer, as bytes for an HTTP parser. */
function withoutUpgrade(incoming: IncomingMessage, rest: Buffer): Buffer {
  const { method, url, httpVersion, rawHeaders } = incoming;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    const lower = name.toLowerCase();
    if (lower === 'connection') lines.push(`${name}: ${withoutOffer(value)}`);
    else if (lower !== 'upgrade' && lower !== 'http2-settings') lines.push(`${name}: ${value}`);
  }
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]);
}

function withoutOffer(connection: string): string {
  const tokens = connection.split(',').map((token) => token.trim());
  return tokens.filter((token) => !/^(upgrade|http2-settings)$/i.test(token)).join(', ');
}
