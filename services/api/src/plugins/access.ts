import type { IncomingMessage } from 'node:http';

import {
  hasRole,
  isAllowedHost,
  isFromForeignPage,
  isReading,
  networkOf,
  roleOfToken,
  tokenOf,
  type AccessTokens,
  type RateLimiter,
  type Role,
} from '@llm-monitor/runtime';

import { ProblemError } from '../problem.ts';
import type { Asked, Gate } from './gates.ts';

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

interface AccessRules {
  allowedHosts: readonly string[];
  tokens: AccessTokens;
  /** None: any number of requests is answered. */
  limiter: RateLimiter | undefined;
}

/** Lets in only who asks under our own names (DNS rebinding) and has the role that it takes, and no page of another origin that would change anything. */
export function createAccess(given: AccessRules): Gate {
  const rules = {
    ...given,
    isOwnHost: createHostCheck(given.allowedHosts),
    nameOf: createAskerNames(),
  };
  return { headers: SECURITY_HEADERS, refuse: (asked) => refusal(asked, rules) };
}

/** Who asks often asks under one name: what was allowed last is not looked at again. */
function createHostCheck(allowed: readonly string[]): (header: string | undefined) => boolean {
  let last: string | undefined;
  return (header) => {
    if (header !== undefined && header === last) return true;
    if (!isAllowedHost(header, allowed)) return false;
    last = header;
    return true;
  };
}

/** What the rate limit calls who asks; the last one is not named again. */
function createAskerNames(): (role: Role | undefined, address: string) => string {
  let last: { role: Role | undefined; address: string; name: string } | undefined;
  return (role, address) => {
    if (!last || last.role !== role || last.address !== address) {
      last = { role, address, name: `${role ?? ''} ${networkOf(address)}` };
    }
    return last.name;
  };
}

type Rules = AccessRules & {
  isOwnHost: ReturnType<typeof createHostCheck>;
  nameOf: ReturnType<typeof createAskerNames>;
};

function refusal(asked: Asked, rules: Rules): ProblemError | undefined {
  const { headers, method = '' } = asked.raw;
  if (!isUnambiguous(asked.raw)) return notPlain();
  if (!rules.isOwnHost(headers.host)) return unknownHost();
  const role = roleOfToken(tokenOf(headers.authorization), rules.tokens);
  const waitMs = rules.limiter?.take(rules.nameOf(role, asked.address())) ?? 0;
  if (waitMs > 0) return tooMany(waitMs);
  // An operator may do all, so what a route takes, which is dear to look up, is not asked for.
  const needed = role === 'operator' ? role : asked.needed();
  if (needed !== 'open') {
    if (!role) return tokenNeeded(headers.authorization !== undefined);
    if (!hasRole(role, needed)) return operatorNeeded(rules.tokens);
  }
  if (!isReading(method) && isFromForeignPage(headers, rules.allowedHosts)) return foreignPage();
  return undefined;
}

/** Two hosts, or a whole address in the place of a path: whoever stands in between may have read another one than we do. */
function isUnambiguous({ url, rawHeaders }: IncomingMessage): boolean {
  if (!url?.startsWith('/')) return false;
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === 'host') hosts++;
  }
  return hosts < 2;
}

const notPlain = () =>
  new ProblemError(
    400,
    'Ambiguous request',
    'Send one Host header, and a path such as /api/status.',
  );

const tooMany = (waitMs: number) => {
  const seconds = String(Math.ceil(waitMs / 1000));
  const detail = {
    en: `Ask again in ${seconds} s. RATE_LIMIT says how many are taken.`,
    it: `Troppe richieste: riprova tra ${seconds} s. RATE_LIMIT dice quante se ne accettano.`,
  };
  return new ProblemError(429, 'Too many requests', detail, { 'retry-after': seconds });
};

const unknownHost = () =>
  new ProblemError(
    421,
    'Unknown host',
    'This service is not known under that name. Ask http://127.0.0.1, or add the name to ALLOWED_HOSTS and start again.',
  );

const tokenNeeded = (isWrong: boolean) =>
  new ProblemError(
    401,
    isWrong ? 'Wrong token' : 'Token needed',
    'Send "Authorization: Bearer <token>" with the value of LLM_MONITOR_TOKEN, or of LLM_MONITOR_VIEWER_TOKEN to read.',
    { 'www-authenticate': 'Bearer realm="LLM Monitor"' },
  );

const operatorNeeded = ({ operator }: AccessTokens) =>
  new ProblemError(
    403,
    'Only an operator may do this',
    operator
      ? {
          en: 'Your token is a viewer’s: it reads and changes nothing. Send the value of LLM_MONITOR_TOKEN.',
          it: 'Il tuo token è di sola lettura: non cambia nulla. Accedi con il valore di LLM_MONITOR_TOKEN.',
        }
      : {
          en: 'Only LLM_MONITOR_VIEWER_TOKEN is set here, so nobody may change anything. Set LLM_MONITOR_TOKEN too and start again.',
          it: 'Qui è impostato solo LLM_MONITOR_VIEWER_TOKEN, quindi nessuno può cambiare nulla. Imposta anche LLM_MONITOR_TOKEN e riavvia.',
        },
  );

const foreignPage = () =>
  new ProblemError(
    403,
    'Foreign page',
    'Only pages of LLM Monitor itself may do this, and programs that are no browser.',
  );
