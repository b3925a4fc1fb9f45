import { hash, timingSafeEqual } from 'node:crypto';

import { ConfigError } from './config-error.ts';
import type { Logger } from './logger.ts';

/** A viewer sees everything and changes nothing; an operator may do all. */
export type Role = 'operator' | 'viewer';

/** The secrets that make somebody one or the other. Empty: nobody comes in by it. */
export interface AccessTokens {
  operator: string;
  viewer: string;
}

interface TokenConfig {
  LLM_MONITOR_TOKEN: string;
  LLM_MONITOR_VIEWER_TOKEN: string;
}

/** @throws {ConfigError} when one secret stands for both roles */
export function readAccessTokens(config: TokenConfig): AccessTokens {
  const operator = config.LLM_MONITOR_TOKEN;
  const viewer = config.LLM_MONITOR_VIEWER_TOKEN;
  if (operator && operator === viewer) {
    throw new ConfigError(
      'LLM_MONITOR_TOKEN and LLM_MONITOR_VIEWER_TOKEN are the same, so nobody could tell a viewer from an operator. Choose two secrets.',
    );
  }
  return { operator, viewer };
}

/** Is anything asked of who comes in? */
export const needsToken = (tokens: AccessTokens): boolean =>
  tokens.operator !== '' || tokens.viewer !== '';

/**
 * Who a token stands for; undefined for a wrong one. Without any token configured everyone is an operator. With a viewer token alone
 * nobody is: whoever hands out a token that only looks means that others come, and these must not be given more by giving nothing.
 */
export function roleOfToken(token: string | undefined, tokens: AccessTokens): Role | undefined {
  if (!needsToken(tokens)) return 'operator';
  if (!token) return undefined;
  // Both are compared, always, and by digests: neither time nor length tells anything.
  const known = digestsOf(tokens);
  const given = digest(token);
  const isOperator = timingSafeEqual(given, known.operator) && tokens.operator !== '';
  const isViewer = timingSafeEqual(given, known.viewer) && tokens.viewer !== '';
  if (isOperator) return 'operator';
  return isViewer ? 'viewer' : undefined;
}

/** The token in an `Authorization` header: `Bearer <token>`, or `Basic` with the token as password, as `curl -u` sends it. */
export function tokenOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') return value || undefined;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1) || undefined;
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Does a request of this method change nothing? */
export const isReading = (method: string): boolean => READING.has(method);

/** What a request needs, unless its route says otherwise: who only looks may do no more than read. */
export const roleNeeded = (method: string): Role => (isReading(method) ? 'viewer' : 'operator');

export const hasRole = (role: Role, needed: Role): boolean =>
  role === 'operator' || needed === 'viewer';

/** Says once, at the start, what the tokens mean where that may surprise. */
export function announceAccess(tokens: AccessTokens, log: Logger): void {
  if (needsToken(tokens) && !tokens.operator) {
    log.warn(
      'LLM_MONITOR_VIEWER_TOKEN is set without LLM_MONITOR_TOKEN: who has it may look, and nobody may cancel or change anything. Set LLM_MONITOR_TOKEN for that.',
    );
  }
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The tokens do not change while a service runs; every request is compared with them. */
const digests = new WeakMap<AccessTokens, Record<Role, Buffer>>();

function digestsOf(tokens: AccessTokens): Record<Role, Buffer> {
  const known = digests.get(tokens);
  if (known) return known;
  const made = { operator: digest(tokens.operator), viewer: digest(tokens.viewer) };
  digests.set(tokens, made);
  return made;
}
