import type { IncomingHttpHeaders } from 'node:http';

import httpProxy from '@fastify/http-proxy';
import type { AccessTokens } from '@llm-monitor/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { ApiAddress } from '../adapters/api-health.ts';
import { sendProblem } from './problem.ts';

/** What the API serves, under the same paths. */
const PATHS = ['/api', '/docs', '/openapi.json', '/metrics'];
const ANSWER_TIMEOUT_MS = 30_000;

interface ForwardOptions {
  api: ApiAddress;
  tokens: AccessTokens;
  basePath: string;
}

/** Hands the API's paths on to it, so that people know one address. */
export async function forwardToApi(
  server: FastifyInstance,
  options: ForwardOptions,
): Promise<void> {
  for (const path of PATHS) {
    await server.register(httpProxy, {
      upstream: options.api.url,
      prefix: path,
      rewritePrefix: path,
      disableRequestLogging: true,
      // Without its last slash that page asks for its files at the root.
      preHandler: (request, reply, done) => {
        if (options.basePath && request.url === '/docs') {
          void reply.redirect(`${options.basePath}/docs/`, 308);
        } else done();
      },
      // Event streams are silent for long: only the first byte has to come in time.
      undici: {
        ...{ headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: 0 },
        // The proxy's own default trusts anybody.
        connect: { ca: options.api.ca, rejectUnauthorized: true },
      },
      replyOptions: {
        // What the API says when it is not ready is for the asker to see, at once.
        retryDelay: () => null,
        rewriteRequestHeaders: (request, headers) =>
          forwardedHeaders(request as FastifyRequest, headers as IncomingHttpHeaders, options),
        // How long the line to the API is kept says nothing of the line to the asker.
        rewriteHeaders: ({ connection: _connection, 'keep-alive': _keepAlive, ...others }) =>
          others,
        onError: (reply, { error }) => void sendUnreachable(reply as FastifyReply, error),
      },
    });
  }
}

/**
 * What the guard has judged, the API need not know: names, cookies, where a page came from. It learns who asks by the token of
 * their role, from where, and below which path.
 */
function forwardedHeaders(
  request: FastifyRequest,
  headers: IncomingHttpHeaders,
  { tokens, basePath }: ForwardOptions,
): IncomingHttpHeaders {
  const { origin: _origin, cookie: _cookie, authorization: _authorization, ...asked } = headers;
  // Who waits to be told that their body is wanted was told so here; the way to the API knows no such question. `curl` asks it with all above 1 MiB.
  const { expect: _expect, ...others } = asked;
  const token = request.visitor && tokens[request.visitor.role];
  return {
    ...others,
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    'x-forwarded-for': request.ip,
    'x-forwarded-prefix': basePath,
  };
}

/** Without the error's own words: they hold the internal address. */
function sendUnreachable(reply: FastifyReply, error: Error): FastifyReply {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode === 504) {
    return sendProblem(reply, {
      status: 504,
      title: 'The API is too slow',
      detail: `It did not answer in ${ANSWER_TIMEOUT_MS / 1000} s. Ask for less, or look at its log.`,
      details: {
        it: `L’API non ha risposto in ${ANSWER_TIMEOUT_MS / 1000} s. Chiedi di meno, o guarda il suo log.`,
      },
    });
  }
  return sendProblem(reply, {
    status: 503,
    title: 'The API does not answer',
    detail:
      'The api service is down or still starting. See "./llm-monitor status" or "docker compose ps"; the live view works without it.',
    details: {
      it: 'Il servizio api è fermo o in avvio. Guarda "./llm-monitor status" o "docker compose ps"; la vista in diretta ne fa a meno.',
    },
  });
}
