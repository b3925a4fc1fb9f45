import { isAllowedHost, isAllowedOrigin, isAuthorized } from '@llm-monitor/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { ProblemError } from '../problem.ts';

/** They say only whether the service lives, and what starts containers asks them without a token. */
const OPEN_PATHS = new Set(['/health', '/ready']);

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What a browser says of a request that one of our own pages, or its user, makes. */
const OWN_SITES = new Set(['same-origin', 'none']);

/** Answers only under its own names (DNS rebinding), only to who has the token, and lets no page of another origin read or change anything. */
export function installAccess(
  app: FastifyInstance,
  options: { allowedHosts: readonly string[]; token: string },
): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(SECURITY_HEADERS);
    if (!isAllowedHost(request.headers.host, options.allowedHosts)) {
      done(
        new ProblemError(
          421,
          'Unknown host',
          'This service is not known under that name. Ask http://127.0.0.1, or add the name to ALLOWED_HOSTS and start again.',
        ),
      );
    } else if (
      !isAuthorized(request.headers.authorization, options.token) &&
      !OPEN_PATHS.has(request.url)
    ) {
      done(
        new ProblemError(
          401,
          'Token needed',
          'Send "Authorization: Bearer <token>" with the value of LLM_MONITOR_TOKEN.',
          { 'www-authenticate': 'Basic realm="LLM Monitor", charset="UTF-8"' },
        ),
      );
    } else if (!READING.has(request.method) && isFromForeignPage(request, options.allowedHosts)) {
      done(
        new ProblemError(
          403,
          'Foreign page',
          'Only pages of LLM Monitor itself may do this, and programs that are no browser.',
        ),
      );
    } else done();
  });
}

/** A browser names the page's origin, and the newer ones how it stands to this address: another port is another page. */
function isFromForeignPage({ headers }: FastifyRequest, allowedHosts: readonly string[]): boolean {
  const site = headers['sec-fetch-site'];
  return (
    !isAllowedOrigin(headers.origin, allowedHosts) ||
    (typeof site === 'string' && !OWN_SITES.has(site))
  );
}
