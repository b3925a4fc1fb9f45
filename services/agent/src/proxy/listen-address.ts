import { ConfigError } from '@llm-monitor/runtime';

import { parseOllamaAddress, shownAddress } from '../core/ollama-address.ts';

/** A port that this agent listens on, and the one server that it passes everything on to. */
export interface ProxyRoute {
  host: string;
  /** 0 takes a free one. */
  port: number;
  upstream: URL;
}

const LOOPBACK = '127.0.0.1';

/**
 * Reads `PROXY_LISTEN` (`host:port`, a port, or `off`), whose upstream is Ollama, and `PROXIES` (`11436=http://127.0.0.1:8000,…`).
 * @throws {ConfigError}
 */
export function readProxyRoutes(options: {
  listen: string;
  proxies: string;
  ollamaUrl: string;
}): ProxyRoute[] {
  const routes: ProxyRoute[] = [];
  if (options.listen.toLowerCase() !== 'off') {
    const upstream = new URL(options.ollamaUrl);
    routes.push({ ...readAddress('PROXY_LISTEN', options.listen), upstream });
  }
  for (const entry of options.proxies.split(',').filter((one) => one.trim() !== '')) {
    const at = entry.indexOf('=');
    const upstream = at === -1 ? undefined : parseOllamaAddress(entry.slice(at + 1));
    if (!upstream || entry.slice(at + 1).trim() === '') {
      throw new ConfigError(
        `PROXIES must be a list such as 11436=http://127.0.0.1:8000,11437=http://127.0.0.1:1234 (it has "${entry.trim()}")`,
      );
    }
    routes.push({ ...readAddress('PROXIES', entry.slice(0, at)), upstream: new URL(upstream) });
  }
  assertDistinct(routes);
  assertNoLoop(routes);
  return routes;
}

function readAddress(name: string, text: string): { host: string; port: number } {
  const address = text.trim();
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):)?(\d{1,5})$/.exec(address);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) {
    throw new ConfigError(
      `${name} must name a port or host:port to listen on, such as 127.0.0.1:11435${name === 'PROXY_LISTEN' ? ', or off' : ''} (it has "${address}")`,
    );
  }
  return { host: match[1]?.replace(/[[\]]/g, '') ?? LOOPBACK, port };
}

function assertDistinct(routes: readonly ProxyRoute[]): void {
  const seen = new Set<number>();
  for (const { port } of routes) {
    if (port !== 0 && seen.has(port)) {
      throw new ConfigError(
        `Two proxies would listen on port ${port}: give each a port of its own in PROXY_LISTEN and PROXIES.`,
      );
    }
    seen.add(port);
  }
}

const ANY = new Set(['0.0.0.0', '::', '::0']);
const isThisMachine = (host: string) =>
  host === 'localhost' || host === '::1' || host.startsWith('127.') || ANY.has(host);

/** A proxy whose upstream is a proxy of this agent would pass each call on for ever. */
function assertNoLoop(routes: readonly ProxyRoute[]): void {
  for (const { upstream } of routes) {
    const host = upstream.hostname.replace(/[[\]]/g, '');
    const port = Number(upstream.port || (upstream.protocol === 'https:' ? 443 : 80));
    const own = routes.find(
      (route) =>
        route.port === port &&
        (route.host === host || (isThisMachine(host) && isThisMachine(route.host))),
    );
    if (own) {
      throw new ConfigError(
        `The proxy would pass calls on to itself: ${shownAddress(upstream.href)} is where it listens. ` +
          'Set OLLAMA_URL to where Ollama itself listens, such as http://127.0.0.1:11434 ' +
          '(OLLAMA_HOST may name the proxy for your programs), or PROXY_LISTEN to another port.',
      );
    }
  }
}
