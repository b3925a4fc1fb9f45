import { PORTS } from '@llm-monitor/contracts/bus';

import { localHostOf, readBusListening, type BusListening } from '../bus/bus-listening.ts';
import { prepareBus, type BusAccess } from '../bus/embedded-bus.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { planProxy, type ProxyPlan } from '../proxy/plan-proxy.ts';
import { obtainServers, type ServerName, type ServerSource } from '../servers/obtain-servers.ts';
import { natsPart } from './nats-part.ts';
import { findPortHolder } from './port-holder.ts';
import { natsPortTaken, webPortTaken } from './port-messages.ts';
import { createPortPool, isPortFree, parsePort, type PortPool } from './ports.ts';
import { redisPart } from './redis-part.ts';
import { serviceParts } from './services.ts';
import type { PartDefinition } from './supervise-part.ts';
import { webAddress } from './web-address.ts';

const MAX_MEMORY = /^\d+(kb|mb|gb)$/i;

/** All that is to run, and where it will be found. */
export interface StackPlan {
  /** NATS and Redis, as far as they are ours. */
  servers: PartDefinition[];
  services: PartDefinition[];
  webUrl: string;
  apiUrl: string;
  natsUrl: string;
  redisShown: string;
  proxy: ProxyPlan;
  /** The environment variables that made it so. */
  settings: Record<string, string>;
}

const SETTINGS = [
  'NATS_URL',
  'NATS_PORT',
  'NATS_SERVER',
  'NATS_HOST',
  'NATS_ADVERTISE',
  'NATS_TLS',
  'NATS_AUTH',
  'REDIS_URL',
  'REDIS_SERVER',
  'REDIS_MAXMEMORY',
  'OLLAMA_URL',
  'PROXY_LISTEN',
  'PROXIES',
  'PROXY_CALLERS',
] as const;

/**
 * Decides on servers and ports, and writes the servers' configuration. Starts nothing.
 * @throws {CliError} when a port is taken or a server is missing
 */
export async function planStack(
  context: Context,
  options: {
    webPort: number;
    isRoot: boolean;
    user: string | undefined;
    say(text: string): void;
  },
): Promise<StackPlan> {
  const { env, root, node, command } = context;
  const pool = createPortPool();
  await claimWebPort(options.webPort, pool, command);
  const listening = readBusListening(env);
  const natsPort = env['NATS_URL'] ? undefined : await claimNatsPort(env, listening, pool, command);
  const proxy = await planProxy(env);
  if (proxy.listen) pool.reserve(proxy.listen.port);
  const needed: ServerName[] = [];
  if (!env['NATS_URL']) needed.push('nats');
  if (!env['REDIS_URL']) needed.push('redis');
  const { isRoot, say } = options;
  const sources = await obtainServers(needed, { env, isRoot, say });
  const [nats, redis] = await Promise.all([
    planNats(context, sources.get('nats'), { port: natsPort, listening }, options.user),
    planRedis(context, sources.get('redis'), pool, options.user),
  ]);
  const ports = {
    web: options.webPort,
    api: await pool.take(PORTS.api),
    collector: await pool.take(PORTS.collector),
    agent: await pool.take(PORTS.agent),
    alerts: await pool.take(PORTS.alerts),
    connectors: await pool.take(PORTS.connectors),
  };
  const { scheme, basePath } = webAddress(env);
  const addresses = { natsUrl: nats.url, bus: nats.bus, redisUrl: redis.url, ports };
  return {
    servers: [nats.part, redis.part].filter((part) => part !== undefined),
    services: serviceParts({ root, node, env, addresses, proxy }),
    webUrl: `${scheme}://localhost:${ports.web}${basePath}`,
    apiUrl: `http://127.0.0.1:${ports.api}`,
    natsUrl: nats.url,
    redisShown: redis.shown,
    proxy,
    settings: Object.fromEntries(
      SETTINGS.map((name) => [name, env[name] ?? ''] as const).filter(([, value]) => value),
    ),
  };
}

interface ServerPlan {
  part?: PartDefinition;
  url: string;
  shown: string;
}

interface NatsPlan extends ServerPlan {
  /** Absent when NATS is not ours. */
  bus?: BusAccess;
}

async function planNats(
  context: Context,
  source: ServerSource | undefined,
  { port, listening }: { port: number | undefined; listening: BusListening },
  user: string | undefined,
): Promise<NatsPlan> {
  const { env, root, home } = context;
  const given = env['NATS_URL'];
  if (given) return { url: given, shown: withoutCredentials(given) };
  if (!source || port === undefined) throw new CliError('NATS was not planned.');
  const nowMs = Date.now();
  const bus = await prepareBus({ folder: home.bus, env, listening, port, nowMs });
  const folders = { folder: home.nats, busFolder: home.bus };
  const part = await natsPart({ source, root, ...folders, port, listening, user, env });
  return { part, bus, url: bus.url, shown: bus.url };
}

async function planRedis(
  context: Context,
  source: ServerSource | undefined,
  pool: PortPool,
  user: string | undefined,
): Promise<ServerPlan> {
  const { env, root, home } = context;
  const given = env['REDIS_URL'];
  if (given) return { url: given, shown: withoutCredentials(given) };
  if (!source) throw new CliError('Redis was not planned.');
  const maxMemory = env['REDIS_MAXMEMORY'] || '1gb';
  if (!MAX_MEMORY.test(maxMemory)) {
    throw new CliError(`REDIS_MAXMEMORY is "${maxMemory}".`, { hint: 'Write it as 512mb or 2gb.' });
  }
  const freePort = () => pool.take();
  return await redisPart({ source, root, folder: home.redis, freePort, maxMemory, user, env });
}

async function claimWebPort(port: number, pool: PortPool, command: string): Promise<void> {
  if (!(await isPortFree(port))) throw webPortTaken(port, await findPortHolder(port), command);
  pool.reserve(port);
}

async function claimNatsPort(
  env: Record<string, string | undefined>,
  listening: BusListening,
  pool: PortPool,
  command: string,
): Promise<number> {
  const given = env['NATS_PORT'];
  const port = given ? parsePort(given) : PORTS.nats;
  if (port === undefined) {
    throw new CliError(`NATS_PORT is "${given}".`, { hint: 'It must be a port, 1 to 65535.' });
  }
  if (!(await isPortFree(port, localHostOf(listening))))
    throw natsPortTaken(port, await findPortHolder(port), command);
  pool.reserve(port);
  return port;
}

/** Passwords in addresses are not for the screen. */
export function withoutCredentials(url: string): string {
  return url.replaceAll(/\/\/[^@/,]*@/g, '//');
}
