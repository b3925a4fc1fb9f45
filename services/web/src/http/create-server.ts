import type { Server as HttpServer } from 'node:http';

import { answerClientError, type Logger, type ServerTls } from '@llm-monitor/runtime';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
} from 'fastify';

import { withoutBasePath } from '../core/base-path.ts';
import type { TrustProxy } from '../core/trust-proxy.ts';
import { sendProblem } from './problem.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
/** Who sends slowly, to hold connections open, loses them. */
const PATIENCE = {
  headersTimeout: 10_000,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16 * 1024,
};
const REQUEST_TIMEOUT_MS = 30_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** The HTTP or HTTPS server, with bounds to all that a stranger may make it hold. */
export function createServer(options: {
  log: Logger;
  basePath: string;
  trustProxy: TrustProxy | undefined;
  tls: ServerTls | undefined;
  maxConnections: number;
}): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = options.log;
  const settings = {
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true as const,
    trustProxy: options.trustProxy ?? false,
    rewriteUrl: (request) => withoutBasePath(request.url ?? '/', options.basePath),
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply) => {
      const status = error.statusCode ?? 400;
      sendProblem(reply, { status, title: error.message, detail: 'Change the request.' });
    },
  } satisfies FastifyServerOptions<HttpServer, FastifyBaseLogger>;
  const https = { ...options.tls, ...PATIENCE, handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
  // Nothing that is added to it minds which of the two it is.
  const server = fastify({ ...settings, ...(options.tls ? { https } : { http: PATIENCE }) });
  server.server.maxConnections = options.maxConnections;
  return server;
}
