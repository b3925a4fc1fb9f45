import type { Server as HttpServer } from 'node:http';

import { Server } from 'socket.io';

import { refuse, type AdmissionRules } from '../http/admission.ts';

/** Browsers only say what they want to see. */
const MAX_MESSAGE_BYTES = 16 * 1024;
const PING_INTERVAL_MS = 10_000;
const PING_TIMEOUT_MS = 20_000;

/** Socket.IO on the service's own port. Its `cors` does not stop foreign pages from opening websockets; `allowRequest` does. */
export function createSocketServer(
  http: HttpServer,
  options: { rules: AdmissionRules; maxSockets: number },
): Server {
  const io = new Server(http, {
    serveClient: false,
    transports: ['websocket'],
    perMessageDeflate: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    allowRequest: (request, decide) => {
      const refusal = refuse(request.headers, options.rules, { checkOrigin: true });
      if (refusal) decide(refusal.title, false);
      else if (io.engine.clientsCount >= options.maxSockets) decide('Too many dashboards', false);
      else decide(null, true);
    },
  });
  return io;
}
