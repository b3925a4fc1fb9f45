import { createHash } from 'node:crypto';

import type { Role } from '@llm-monitor/runtime';

/** Who a browser is; no page can read it. */
const SESSION = 'llm-monitor-session';
/** `<role>.<csrf token>`: for our own pages to read, which send the token with what they change. */
const CSRF = 'llm-monitor-csrf';
/** Browsers keep no cookie longer than 400 days; how long it is good the server decides. */
const MAX_AGE_SECONDS = 30 * 24 * 3600;

const ID = /^[A-Za-z0-9_-]{43}$/;

interface CookieOptions {
  /** below which the monitor is served; empty for the root */
  basePath: string;
  isSecure: boolean;
}

/** The session's id in a `Cookie` header; undefined where there is none that could be one. */
export function sessionIdOf(cookieHeader: string | undefined): string | undefined {
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=', 2);
    if (name === SESSION && ID.test(value)) return value;
  }
  return undefined;
}

/** Follows from the id, and the id not from it: nothing more has to be kept. */
export const csrfTokenOf = (sessionId: string): string =>
  createHash('sha256').update(`csrf:${sessionId}`).digest('base64url');

/** The `Set-Cookie` headers of a session that begins. */
export function startCookies(id: string, role: Role, options: CookieOptions): string[] {
  const common = `${attributes(options)}; Max-Age=${MAX_AGE_SECONDS}`;
  return [`${SESSION}=${id}; HttpOnly; ${common}`, `${CSRF}=${role}.${csrfTokenOf(id)}; ${common}`];
}

/** The `Set-Cookie` headers that take both away. */
export const endCookies = (options: CookieOptions): string[] => [
  `${SESSION}=; HttpOnly; ${attributes(options)}; Max-Age=0`,
  `${CSRF}=; ${attributes(options)}; Max-Age=0`,
];

function attributes({ basePath, isSecure }: CookieOptions): string {
  return `SameSite=Strict; Path=${basePath || '/'}${isSecure ? '; Secure' : ''}`;
}
