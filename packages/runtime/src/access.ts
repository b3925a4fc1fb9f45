import { ConfigError } from './config-error.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Names under which this product may always be asked for: this machine, which looks after its health, and the compose services. */
const OWN_HOSTS = ['localhost', '127.0.0.1', '[::1]', 'web', 'api', 'collector', 'agent', 'alerts'];

/**
 * Refuses to listen beyond this machine without a token: prompts would be open to the whole network.
 * @throws {ConfigError}
 */
export function assertSafeToListen(config: {
  HOST: string;
  LLM_MONITOR_TOKEN: string;
  LLM_MONITOR_VIEWER_TOKEN?: string;
  LLM_MONITOR_IN_CONTAINER: boolean;
}): void {
  const isClosed = config.LLM_MONITOR_TOKEN || config.LLM_MONITOR_VIEWER_TOKEN;
  if (LOOPBACK.has(config.HOST) || isClosed || config.LLM_MONITOR_IN_CONTAINER) return;
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

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Headers by which a browser says where a request comes from. */
interface Provenance {
  host?: string | undefined;
  origin?: string | undefined;
  'sec-fetch-site'?: string | string[] | undefined;
}

/**
 * Is this a request that a page of another origin makes a browser do? Programs that are no browser carry none of these headers.
 * Another port of this machine is another page: cookies do not tell ports apart.
 */
export function isFromForeignPage(headers: Provenance, allowed: readonly string[]): boolean {
  const site = headers['sec-fetch-site'];
  // No page can set it. An origin may be missing or `null` beside it, as from a form of a page that sends no referrer.
  if (site === 'same-origin') return false;
  if (site !== undefined && site !== 'none') return true;
  if (headers.origin === undefined) return false;
  const origin = hostOf(headers.origin);
  if (origin === undefined) return true;
  if (origin.host === headers.host?.toLowerCase()) return !isAllowedHost(origin.host, allowed);
  // Behind a proxy that asks under another name than the browser.
  return THIS_MACHINE.has(origin.hostname) || !isAllowedHost(origin.host, allowed);
}

function hostOf(origin: string): URL | undefined {
  return URL.canParse(origin) ? new URL(origin) : undefined;
}

/** `ALLOWED_HOSTS`, names separated by commas: more of them beside our own. Lower case. */
export function parseAllowedHosts(list: string): string[] {
  const given = list
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  return [...OWN_HOSTS, ...given];
}
