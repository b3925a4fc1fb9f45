import type { IncomingHttpHeaders } from 'node:http';

import {
  isAllowedHost,
  isFromForeignPage,
  needsToken,
  roleOfToken,
  tokenOf,
  type AccessTokens,
  type Role,
} from '@llm-monitor/runtime';

import type { SessionStore } from '../adapters/session-store.ts';
import { sessionIdOf } from '../core/session-cookies.ts';

/** Who came in. */
export interface Visitor {
  role: Role;
  /** of who logged in with a browser; without it a token was sent, or none is needed */
  sessionId: string | undefined;
}

/** Why someone may not, and what to do. */
export interface Refusal {
  status: 400 | 401 | 403 | 503;
  title: string;
  detail: string;
}

/** The same for pages, forwarded calls and websockets. */
export interface Admission {
  /**
   * Does it come to a place of ours, from a place of ours? Undefined when all is well.
   * @param options.checkOrigin for what a foreign page could make a browser do: websockets, and requests that change something
   */
  refusePlace(
    request: { headers: IncomingHttpHeaders; rawHeaders: readonly string[] },
    options: { checkOrigin: boolean },
  ): Refusal | undefined;
  /** Who sends these headers? */
  identify(headers: IncomingHttpHeaders): Promise<Visitor | Refusal> | Visitor | Refusal;
}

export function createAdmission(options: {
  allowedHosts: readonly string[];
  tokens: AccessTokens;
  sessions: SessionStore;
}): Admission {
  const { allowedHosts, tokens, sessions } = options;
  return {
    refusePlace({ headers, rawHeaders }, { checkOrigin }) {
      if (countOf(rawHeaders, 'host') > 1) return AMBIGUOUS_HOST;
      if (!isAllowedHost(headers.host, allowedHosts)) return UNKNOWN_HOST;
      return checkOrigin && isFromForeignPage(headers, allowedHosts) ? FOREIGN_PAGE : undefined;
    },
    identify(headers) {
      if (!needsToken(tokens)) return { role: 'operator', sessionId: undefined };
      if (headers.authorization !== undefined) {
        const role = roleOfToken(tokenOf(headers.authorization), tokens);
        return role ? { role, sessionId: undefined } : WRONG_TOKEN;
      }
      const sessionId = sessionIdOf(headers.cookie);
      return sessionId === undefined ? TOKEN_NEEDED : identifySession(sessions, sessionId);
    },
  };
}

async function identifySession(
  sessions: SessionStore,
  sessionId: string,
): Promise<Visitor | Refusal> {
  try {
    const role = await sessions.read(sessionId);
    return role ? { role, sessionId } : SESSION_ENDED;
  } catch {
    return SESSIONS_UNKNOWN;
  }
}

export const isRefusal = (answer: Visitor | Refusal): answer is Refusal => 'status' in answer;

function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.length === name.length && rawHeaders[i]?.toLowerCase() === name) count++;
  }
  return count;
}

const refusal = (status: Refusal['status'], title: string, detail: string): Refusal => ({
  ...{ status, title, detail },
});
const AMBIGUOUS_HOST = refusal(400, 'Two hosts', 'Send one Host header.');
const UNKNOWN_HOST = refusal(
  403,
  'Unknown host',
  'Ask by localhost, or add this host name to ALLOWED_HOSTS.',
);
const FOREIGN_PAGE = refusal(
  403,
  'Foreign page',
  'Only pages of LLM Monitor itself may do this. Behind a reverse proxy: add its host name to ALLOWED_HOSTS.',
);
const TOKEN_NEEDED = refusal(
  401,
  'Token needed',
  'Log in at /login, or send LLM_MONITOR_TOKEN (LLM_MONITOR_VIEWER_TOKEN to read) as a bearer token.',
);
const WRONG_TOKEN = refusal(401, 'Wrong token', TOKEN_NEEDED.detail);
const SESSION_ENDED = refusal(401, 'The session has ended', 'Log in again at /login.');
const SESSIONS_UNKNOWN = refusal(
  503,
  'Logins cannot be checked',
  'Redis, which knows who is logged in, does not answer. Try again in some seconds; a bearer token works meanwhile.',
);
