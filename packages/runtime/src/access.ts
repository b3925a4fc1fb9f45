import { timingSafeEqual, createHash } from 'node:crypto';

import { ConfigError } from './config.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Names under which this product may be asked for, unless `ALLOWED_HOSTS` says more: this machine and the compose services. */
export const DEFAULT_ALLOWED_HOSTS = 'localhost,127.0.0.1,[::1],web,api,collector,agent';

/**
 * Refuses to listen beyond this machine without a token: prompts would be open to the whole network.
 * @throws {ConfigError}
 */
export function assertSafeToListen(config: {
  HOST: string;
  LLM_MONITOR_TOKEN: string;
  LLM_MONITOR_IN_CONTAINER: boolean;
}): void {
  if (LOOPBACK.has(config.HOST) || config.LLM_MONITOR_TOKEN || config.LLM_MONITOR_IN_CONTAINER)
    return;
  throw new ConfigError(
    `HOST=${config.HOST} would show your prompts to other machines. Set LLM_MONITOR_TOKEN to a secret to allow it, or leave HOST at 127.0.0.1.`,
  );
}

/** Is the `Host` header one of ours? Refusing others stops DNS rebinding. `*` in the list allows all. */
export function isAllowedHost(header: string | undefined, allowed: readonly string[]): boolean {
  if (!header) return false;
  const name = header.replace(/:\d+$/, '').toLowerCase();
  return allowed.includes('*') || allowed.includes(name);
}

/** Does a request from this `Origin` come from our own pages? No Origin (curl, scripts) is fine: it is browsers that carry one. */
export function isAllowedOrigin(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  try {
    return isAllowedHost(new URL(origin).host, allowed);
  } catch {
    return false;
  }
}

/** `a,b` as a list of lower-case host names. */
export function parseAllowedHosts(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
}

/**
 * Does an `Authorization` header hold the token? `Bearer <token>`, or `Basic` with the token as password, which browsers ask for
 * by themselves. With no token configured everyone on this machine may.
 */
export function isAuthorized(header: string | undefined, token: string): boolean {
  if (!token) return true;
  const [scheme = '', value = ''] = (header ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return sameText(value, token);
  if (scheme.toLowerCase() !== 'basic') return false;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return sameText(decoded.slice(decoded.indexOf(':') + 1), token);
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
