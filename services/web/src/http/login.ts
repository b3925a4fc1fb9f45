import { roleOfToken, type AccessTokens, type Role } from '@llm-monitor/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { SessionStore } from '../adapters/session-store.ts';
import { LOGIN_CONTENT_SECURITY_POLICY, loginPage, signedInPage } from '../core/login-page.ts';
import { loginTexts } from '../core/login-texts.ts';
import type { LoginThrottle } from '../core/login-throttle.ts';
import { ownPath } from '../core/own-path.ts';
import { endCookies, sessionIdOf, startCookies } from '../core/session-cookies.ts';

const MAX_FORM_BYTES = 8 * 1024;
const RETRY_AFTER_SECONDS = '2';

interface LoginOptions {
  tokens: AccessTokens;
  sessions: SessionStore;
  throttle: LoginThrottle;
  basePath: string;
  /** A session of this process's browsers ended. */
  onEnded(sessionId: string): void;
}

interface LoginForm {
  token?: string;
  next?: string;
}

/** `/login`, `/logout`, and `/login/session`: who am I? Open to all; the pages need no script. */
export async function serveLogin(server: FastifyInstance, options: LoginOptions): Promise<void> {
  const open = { config: { access: 'open' } } as const;
  await server.register((scope, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
      (_request, body, parsed) =>
        parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    scope.get<{ Querystring: { next?: string } }>('/login', open, async (request, reply) => {
      const next = ownPath(textOf(request.query.next));
      const role = await roleOfSession(request, options);
      if (role === 'nobody') return sendForm(request, reply, options, { next });
      if (role === 'everybody') return reply.redirect(options.basePath + next, 303);
      const texts = loginTexts(request.headers['accept-language']);
      return sendPage(reply, signedInPage({ ...options, texts, next, role }));
    });
    scope.post<{ Body: LoginForm | null }>('/login', open, (request, reply) =>
      logIn(request, reply, options),
    );
    scope.post('/logout', open, (request, reply) => logOut(request, reply, options));
    done();
  });
  // Who asks this was let in: the guard answers all others.
  server.get('/login/session', ({ visitor }, reply) =>
    reply.header('cache-control', 'no-store').send({
      role: visitor?.role,
      has_session: visitor?.sessionId !== undefined,
    }),
  );
}

type Standing = Role | 'nobody' | 'everybody';

async function roleOfSession(
  request: FastifyRequest,
  { tokens, sessions }: LoginOptions,
): Promise<Standing> {
  if (roleOfToken(undefined, tokens)) return 'everybody';
  const id = sessionIdOf(request.headers.cookie);
  // While Redis is away nobody can be known; trying to log in says so.
  const role = id === undefined ? undefined : await sessions.read(id).catch(() => undefined);
  return role ?? 'nobody';
}

async function logIn(
  request: FastifyRequest<{ Body: LoginForm | null }>,
  reply: FastifyReply,
  options: LoginOptions,
): Promise<FastifyReply> {
  const { tokens, sessions, throttle, basePath } = options;
  const texts = loginTexts(request.headers['accept-language']);
  const next = ownPath(textOf(request.body?.next));
  const waitMs = throttle.waitMs(request.ip);
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000);
    reply.code(429).header('retry-after', String(seconds));
    return sendForm(request, reply, options, { next, message: texts.wait(seconds) });
  }
  const role = roleOfToken(textOf(request.body?.token)?.trim(), tokens);
  if (!role) {
    throttle.failed(request.ip);
    reply.code(401);
    return sendForm(request, reply, options, { next, message: texts.wrong });
  }
  throttle.succeeded(request.ip);
  try {
    await endSession(request, options);
    const id = await sessions.start(role);
    reply.header('set-cookie', startCookies(id, role, { basePath, isSecure: isSecure(request) }));
  } catch {
    reply.code(503).header('retry-after', RETRY_AFTER_SECONDS);
    return sendForm(request, reply, options, { next, message: texts.storeAway });
  }
  return reply.redirect(basePath + next, 303);
}

/** A form cannot send the CSRF header; the guard has refused foreign pages by their origin. */
async function logOut(
  request: FastifyRequest,
  reply: FastifyReply,
  options: LoginOptions,
): Promise<FastifyReply> {
  const { basePath } = options;
  const texts = loginTexts(request.headers['accept-language']);
  try {
    await endSession(request, options);
  } catch {
    reply.code(503).header('retry-after', RETRY_AFTER_SECONDS);
    return sendForm(request, reply, options, { next: '/', message: texts.storeAway });
  }
  reply.header('set-cookie', endCookies({ basePath, isSecure: isSecure(request) }));
  return sendForm(request, reply, options, { next: '/', message: texts.signedOut });
}

async function endSession(request: FastifyRequest, options: LoginOptions): Promise<void> {
  const id = sessionIdOf(request.headers.cookie);
  if (id === undefined) return;
  await options.sessions.end(id);
  options.onEnded(id);
}

function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { basePath }: LoginOptions,
  shown: { next: string; message?: string },
): FastifyReply {
  const texts = loginTexts(request.headers['accept-language']);
  return sendPage(reply, loginPage({ texts, basePath, ...shown }));
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .headers({
      'cache-control': 'no-store',
      'content-security-policy': LOGIN_CONTENT_SECURITY_POLICY,
      vary: 'accept-language',
    })
    .type('text/html; charset=utf-8')
    .send(html);
}

/** The line to the browser, or to a proxy that we trust to say so. */
const isSecure = (request: FastifyRequest): boolean => request.protocol === 'https';

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
