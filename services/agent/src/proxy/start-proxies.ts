import { hostname as machineName, networkInterfaces } from 'node:os';

import type { CallHub } from '@llm-monitor/client/observe';
import { assertSafeToListen, ConfigError, type Check, type Logger } from '@llm-monitor/runtime';

import { shownAddress } from '../core/ollama-address.ts';
import { isAllowedHost } from './allowed-host.ts';
import type { CallerMap } from './caller-map.ts';
import type { ProxyRoute } from './listen-address.ts';
import type { Observer } from './observation.ts';
import { startProxyServer, type ProxyServer } from './proxy-server.ts';
import { createRunningCalls, type RunningCalls } from './running-calls.ts';

/** What the proxies of an agent need to know. */
export interface ProxyConfig {
  routes: readonly ProxyRoute[];
  callers: CallerMap;
  /** Whether listening beyond this machine is meant. */
  safety: { LLM_MONITOR_TOKEN: string; LLM_MONITOR_IN_CONTAINER: boolean };
}

/** The proxies of this agent. */
export interface Proxies {
  /** Which calls of models pass now. */
  running: RunningCalls;
  /** A line of `/ready` for each. */
  checks: Check[];
  /** Where they listen, in the order of their routes. */
  addresses: readonly string[];
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 3000;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Listens on each route's port and passes on what comes there. Needs no bus: what is seen goes to `hub`, which bears its absence.
 * @throws {ConfigError} when a port is taken, or open to others without being meant to be
 */
export async function startProxies(options: {
  config: ProxyConfig;
  instance: string;
  hub: CallHub;
  log: Logger;
}): Promise<Proxies> {
  const { config, instance, hub, log } = options;
  for (const route of config.routes) assertMeant(route, config.safety, log);
  const running = createRunningCalls();
  const servers: ProxyServer[] = [];
  const checks: Check[] = [];
  const close = async () => {
    await Promise.all(servers.map((server) => server.close(CLOSE_GRACE_MS)));
  };
  try {
    for (const route of config.routes) {
      const upstream = shownAddress(route.upstream.href);
      const observer: Observer = { hub, running, callers: config.callers, upstream };
      const allows = hostRule(route);
      const server = await startProxyServer({ route, instance, observer, isAllowedHost: allows });
      servers.push(server);
      checks.push(checkOf(server, upstream));
      log.info({ address: server.address, upstream }, 'proxy listens');
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { running, checks, close, addresses: servers.map(({ address }) => address) };
}

function checkOf(server: ProxyServer, upstream: string): Check {
  return {
    name: `proxy ${server.address}`,
    check: () => ({
      ok: server.isListening(),
      detail: server.isListening()
        ? `passes on to ${upstream}: ${server.busy()} calls run, ${server.connections()} connections`
        : 'does not listen any more: restart the agent',
    }),
  };
}

/** As with Ollama: who listens beyond the loopback device is asked for under any name. */
function hostRule({ host }: ProxyRoute): (header: string | undefined) => boolean {
  if (!LOOPBACK.has(host)) return () => true;
  const addresses = Object.values(networkInterfaces()).flatMap(
    (list) => list?.map(({ address }) => address) ?? [],
  );
  const machine = { hostname: machineName(), addresses };
  let allowed: string | undefined;
  return (header) => {
    // Nearly all callers say the same.
    if (header !== undefined && header === allowed) return true;
    if (!isAllowedHost(header, machine)) return false;
    allowed = header;
    return true;
  };
}

function assertMeant(route: ProxyRoute, safety: ProxyConfig['safety'], log: Logger): void {
  if (LOOPBACK.has(route.host)) return;
  try {
    assertSafeToListen({ ...safety, HOST: route.host });
  } catch (error) {
    throw new ConfigError(
      `A proxy on ${route.host}:${route.port} would let other machines use your models, and asks for no password. ` +
        'Set LLM_MONITOR_TOKEN to allow it, or listen on 127.0.0.1 (PROXY_LISTEN, PROXIES).',
      { cause: error },
    );
  }
  log.warn(
    { address: `${route.host}:${route.port}` },
    'the proxy is open to other machines and asks for no password, as Ollama itself',
  );
}
