import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { ConfigError, declineUpgrade } from '@llm-monitor/runtime';

import { createClientSockets } from './client-sockets.ts';
import type { ProxyRoute } from './listen-address.ts';
import type { Observer } from './observation.ts';
import { relayExchange, type Proxy } from './relay-exchange.ts';
import { isWebSocket, refuse, relayUpgrade } from './relay-upgrade.ts';
import { createUpstream, MAX_HEADER_BYTES } from './upstream.ts';

/** One listening port, and how much passes. */
export interface ProxyServer {
  /** `host:port` where it listens. */
  address: string;
  isListening(): boolean;
  connections(): number;
  /** Exchanges that run. */
  busy(): number;
  /** Takes no more calls, lets those that run end within `graceMs`, and resets the rest. */
  close(graceMs: number): Promise<void>;
}

/** For the head of a request only; a body may take as long as it likes. */
const HEADERS_TIMEOUT_MS = 60_000;
const TCP_KEEP_ALIVE_MS = 15_000;
const BUFFERED_BYTES = 64 * 1024;
const CLOSE_CHECK_MS = 20;

/**
 * Listens, and passes everything on to the route's upstream.
 * @throws {ConfigError} when the port is taken or may not be used
 */
export async function startProxyServer(options: {
  route: ProxyRoute;
  instance: string;
  observer: Observer;
  isAllowedHost: Proxy['isAllowedHost'];
}): Promise<ProxyServer> {
  const { route, instance, observer, isAllowedHost } = options;
  const clients = createClientSockets();
  const upstream = createUpstream(route.upstream);
  const proxy: Proxy = { upstream, instance, observer, clients, isAllowedHost };
  const server = createProxyServer(proxy);
  await listen(server, route);
  const { address, port } = server.address() as AddressInfo;
  return {
    address: `${address.includes(':') ? `[${address}]` : address}:${port}`,
    isListening: () => server.listening,
    connections: clients.count,
    busy: clients.busy,
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const end = Date.now() + graceMs;
      while (clients.busy() > 0 && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, CLOSE_CHECK_MS));
      }
      clients.resetAll('agent');
      upstream.close();
      await closed;
    },
  };
}

function createProxyServer(proxy: Proxy): Server {
  const server = createServer({
    requestTimeout: 0,
    headersTimeout: HEADERS_TIMEOUT_MS,
    // Idle connections stay, as with Ollama; TCP's own probes find those whose client is gone.
    keepAliveTimeout: 0,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    noDelay: true,
    maxHeaderSize: MAX_HEADER_BYTES,
    highWaterMark: BUFFERED_BYTES,
  });
  server.maxHeadersCount = 0;
  server.on('connection', (socket: Socket) => proxy.clients.follow(socket));
  server.on('request', (incoming, response) => relayExchange(incoming, response, proxy));
  server.on('checkContinue', (incoming, response) => relayExchange(incoming, response, proxy));
  server.on('checkExpectation', (incoming, response) => relayExchange(incoming, response, proxy));
  server.on('upgrade', (incoming, socket: Socket, rest: Buffer) => {
    if (isWebSocket(incoming)) return relayUpgrade(incoming, socket, rest, proxy);
    declineUpgrade(server, { incoming, socket, rest });
  });
  server.on('connect', (_, socket) => {
    socket.on('error', () => undefined);
    const error = 'LLM Monitor proxy: CONNECT is refused. Use it as base URL, not as HTTP proxy.';
    refuse(socket, { status: 405, error }, proxy.instance);
  });
  return server;
}

function listen(server: Server, { host, port }: ProxyRoute): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') {
    return new ConfigError(
      `The proxy cannot listen on ${where}: the port is taken, perhaps by another agent. End that program, set PROXY_LISTEN (or PROXIES) to another port, or PROXY_LISTEN=off for no proxy.`,
    );
  }
  return new ConfigError(
    `The proxy cannot listen on ${where} (${error.code}: ${error.message}). Set PROXY_LISTEN (or PROXIES) to an address of this machine and a port that you may use, such as 127.0.0.1:11435.`,
  );
}
