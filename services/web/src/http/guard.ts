import { MAX_RULES_BYTES } from '@llm-monitor/contracts/alerts';
import {
  hasRole,
  isReading,
  networkOf,
  roleNeeded,
  type RateLimiter,
  type Role,
} from '@llm-monitor/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { AGAIN_PAGE } from '../core/login-page.ts';
import { csrfTokenOf } from '../core/session-cookies.ts';
import { isRefusal, type Admission, type Visitor } from './admission.ts';
import { sendProblem } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may, where the method says it wrongly: anyone at all (`open`), or who has this role. */
    access?: Role | 'open';
  }
  interface FastifyRequest {
    /** Who asks; undefined on open paths. */
    visitor: Visitor | undefined;
  }
}

/** What our pages send with all that changes something. */
const CSRF_HEADER = 'x-llm-monitor-csrf';
const MAX_BODY_BYTES = 64 * 1024;
const MAX_URL_LENGTH = 8 * 1024;

interface GuardOptions {
  admission: Admission;
  limiter: RateLimiter;
  contentSecurityPolicy: string;
  basePath: string;
}

/** Turns away who may not come in, and gives every answer its security headers. */
export function addGuard(server: FastifyInstance, options: GuardOptions): void {
  server.decorateRequest('visitor', undefined);
  server.addHook('onRequest', async (request, reply) => {
    if (hasGone(request)) return leave(request, reply);
    const refused = refuseForm(request, reply) ?? refusePlace(request, reply, options);
    if (refused) return refused;
    const access = request.routeOptions.config.access ?? roleNeeded(request.method);
    const visitor =
      access === 'open' ? undefined : await options.admission.identify(request.headers);
    const isKnown = visitor !== undefined && !isRefusal(visitor);
    const waitMs = options.limiter.take(
      isKnown ? `${networkOf(request.ip)} ${visitor.role}` : networkOf(request.ip),
    );
    if (waitMs > 0) return tooMany(reply, waitMs);
    if (visitor === undefined || access === 'open') return undefined;
    if (isRefusal(visitor)) return turnAway(request, reply, { ...options, refusal: visitor });
    request.visitor = visitor;
    return refuseChange(request, reply, { visitor, needed: access });
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.headers(SECURITY_HEADERS);
    // The API's own pages know best what they need.
    if (!reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', options.contentSecurityPolicy);
    }
  });
}

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // With `no-referrer` a browser would hide even from us which page sends a form.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Has the connection been reset before what it brought was read? Nobody hears an answer then, and no address is known to count it for. */
const hasGone = ({ raw }: FastifyRequest): boolean => raw.socket.remoteAddress === undefined;

function leave({ raw }: FastifyRequest, reply: FastifyReply): FastifyReply {
  raw.socket.destroy();
  return reply.hijack();
}

/** What no honest asker sends. */
function refuseForm(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const { originalUrl } = request;
  if (!originalUrl.startsWith('/')) {
    const detail = 'Ask for a path of this server, such as /api/status.';
    return sendProblem(reply, { status: 400, title: 'Not a path', detail });
  }
  if (originalUrl.length > MAX_URL_LENGTH) {
    const detail = `An address may have ${MAX_URL_LENGTH} characters. Ask for less at once.`;
    return sendProblem(reply, { status: 414, title: 'Address too long', detail });
  }
  // What is passed on as it comes could be stopped only half-way; no browser and no program of ours sends chunks.
  if (request.headers['transfer-encoding'] !== undefined) {
    const detail = 'Send the length of the body (Content-Length), not chunks.';
    reply.header('connection', 'close');
    return sendProblem(reply, { status: 411, title: 'Length needed', detail });
  }
  const isRules = request.url.split('?')[0] === '/api/alerts/rules';
  const mostBytes = isRules ? MAX_RULES_BYTES : MAX_BODY_BYTES;
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) {
    const detail = 'A body may have at most 64 KiB, a list of alert rules 2 MiB. Send less.';
    return sendProblem(reply.header('connection', 'close'), {
      status: 413,
      title: 'Too large',
      detail,
    });
  }
  return undefined;
}

function refusePlace(
  request: FastifyRequest,
  reply: FastifyReply,
  { admission, basePath }: GuardOptions,
): FastifyReply | undefined {
  const { headers, raw, method, originalUrl } = request;
  const refusal = admission.refusePlace(
    { headers, rawHeaders: raw.rawHeaders },
    { checkOrigin: !isReading(method) },
  );
  if (refusal) return sendProblem(reply, refusal);
  // What starts containers asks for health at the root.
  const isOpen = request.routeOptions.config.access === 'open' && originalUrl === request.url;
  if (!basePath || isOpen || originalUrl !== request.url) return undefined;
  const detail = `LLM Monitor is at ${basePath}/ (BASE_PATH).`;
  return sendProblem(reply, { status: 404, title: 'Not found', detail });
}

function tooMany(reply: FastifyReply, waitMs: number): FastifyReply {
  const seconds = Math.ceil(waitMs / 1000);
  return sendProblem(reply.header('retry-after', String(seconds)), {
    status: 429,
    title: 'Too many requests',
    detail: `Ask again in ${seconds} s. RATE_LIMIT says how many are taken.`,
    details: {
      it: `Troppe richieste: riprova tra ${seconds} s. RATE_LIMIT dice quante se ne accettano.`,
    },
  });
}

/** People are led to the login page; programs are told. */
function turnAway(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    refusal,
    basePath,
  }: GuardOptions & { refusal: { status: number; title: string; detail: string } },
): FastifyReply {
  const { headers, method } = request;
  const isPerson = isReading(method) && (headers.accept ?? '').includes('text/html');
  if (refusal.status !== 401) {
    return sendProblem(reply.header('retry-after', '2'), refusal);
  }
  if (!isPerson) {
    return sendProblem(reply.header('www-authenticate', 'Bearer realm="LLM Monitor"'), refusal);
  }
  reply.header('cache-control', 'no-store');
  // A link from elsewhere brings no SameSite=Strict cookie; asked once more from here it comes.
  if (headers['sec-fetch-site'] === 'cross-site' && headers.cookie === undefined) {
    return reply.type('text/html; charset=utf-8').send(AGAIN_PAGE);
  }
  const next = request.url === '/' ? '' : `?next=${encodeURIComponent(request.url)}`;
  return reply.redirect(`${basePath}/login${next}`, 303);
}

/** Who only looks changes nothing; and a session is no proof that its owner wants the change. */
function refuseChange(
  request: FastifyRequest,
  reply: FastifyReply,
  { visitor, needed }: { visitor: Visitor; needed: Role },
): FastifyReply | undefined {
  if (!hasRole(visitor.role, needed)) {
    return sendProblem(reply, {
      status: 403,
      title: 'Only an operator may do this',
      detail:
        'You came in as a viewer, who sees everything and changes nothing. Use LLM_MONITOR_TOKEN.',
      details: {
        it: 'Hai accesso in sola lettura: vedi tutto e non cambi nulla. Usa LLM_MONITOR_TOKEN.',
      },
    });
  }
  const { sessionId } = visitor;
  if (sessionId === undefined || isReading(request.method)) return undefined;
  if (request.headers[CSRF_HEADER] === csrfTokenOf(sessionId)) return undefined;
  return sendProblem(reply, {
    status: 403,
    title: 'CSRF token missing',
    detail: `Who is logged in with a cookie sends ${CSRF_HEADER} too: what follows the dot in the cookie llm-monitor-csrf. Programs use a bearer token.`,
  });
}
