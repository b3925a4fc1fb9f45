import type { IncomingMessage, Server as HttpServer } from 'node:http';

import { declineUpgrade, type RateLimiter } from '@llm-monitor/runtime';
import { Server, type Socket } from 'socket.io';

import { isRefusal, type Admission, type Visitor } from '../http/admission.ts';
import { answerRefused, type SocketRefusal } from './answer-refused.ts';
import { createSocketCaps } from './socket-caps.ts';

const TOO_MANY_REQUESTS = {
  ...{ status: 429, title: 'Too many requests' },
  detail: 'Wait a little, then go on.',
};
const FAULT = {
  ...{ status: 500, title: 'Internal error' },
  detail: 'This is a fault of the web service: its log says more.',
};

/** Browsers only say what they want to see. */
const MAX_MESSAGE_BYTES = 16 * 1024;
const PING_INTERVAL_MS = 10_000;
const PING_TIMEOUT_MS = 20_000;
/** After the websocket stands, until the browser says what it wants. */
const CONNECT_TIMEOUT_MS = 15_000;

export interface SocketServerOptions {
  admission: Admission;
  /** Whose connection is it? */
  addressOf(request: IncomingMessage): string;
  limiter: RateLimiter;
  maxSockets: number;
  maxSocketsPerAddress: number;
  basePath: string;
}

export interface SocketServer {
  io: Server;
  /** Who opened a socket. */
  visitorOf(socket: Socket): Visitor | undefined;
}

/** Socket.IO on the service's own port. Its `cors` does not stop foreign pages from opening websockets; what is asked here first does. */
export function createSocketServer(http: HttpServer, options: SocketServerOptions): SocketServer {
  const { admission, addressOf, limiter } = options;
  const visitors = new WeakMap<IncomingMessage, Visitor>();
  const refuse = async (request: IncomingMessage): Promise<SocketRefusal | undefined> => {
    const foreign = admission.refusePlace(request, { checkOrigin: true });
    if (foreign) return foreign;
    if (limiter.take(addressOf(request)) > 0) return TOO_MANY_REQUESTS;
    const full = caps.refuse(request);
    if (full) return { status: 503, title: full, detail: 'Close some of them.' };
    const visitor = await admission.identify(request.headers);
    if (isRefusal(visitor)) return visitor;
    visitors.set(request, visitor);
    return undefined;
  };
  const path = `${options.basePath}/socket.io`;
  const io = new Server(http, {
    path,
    serveClient: false,
    // It would leave all other offers of a protocol without an answer for a second, and then end the connection.
    destroyUpgrade: false,
    transports: ['websocket'],
    perMessageDeflate: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  // Before all else that Engine.IO looks at: a stranger learns nothing from it, and who is refused why.
  io.engine.use((request: IncomingMessage, response: unknown, letIn: () => void) => {
    refuse(request).then(
      (refusal) => (refusal ? answerRefused(request, response, refusal) : letIn()),
      () => answerRefused(request, response, FAULT),
    );
  });
  http.on('upgrade', (incoming, socket, rest) => {
    if (!incoming.url?.startsWith(`${path}/`)) declineUpgrade(http, { incoming, socket, rest });
  });
  const caps = createSocketCaps(io, options);
  return { io, visitorOf: (socket) => visitors.get(socket.request) };
}
