import { readBusListening, type BusListening } from '../bus/bus-listening.ts';
import { prepareBus, type BusAccess } from '../bus/embedded-bus.ts';
import { lockUsers } from '../bus/lock-users.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { planProxy, type ProxyPlan } from '../proxy/plan-proxy.ts';
import { obtainServers, type ServerName, type ServerSource } from '../servers/obtain-servers.ts';
import { claimNatsPort, claimWebPort, NO_PORTS, takePorts } from './claim-ports.ts';
import type { ForeignServer } from './foreign-servers.ts';
import { isGuarded } from './guard.ts';
import { keptSettings, unkeptSettings } from './kept-settings.ts';
import { natsPart } from './nats-part.ts';
import { createPortPool, type PortPool } from './ports.ts';
import { redisPart } from './redis-part.ts';
import { serviceParts } from './services.ts';
import { handedOn } from './setting-files.ts';
import type { PartDefinition } from './supervise-part.ts';
import { webAddress } from './web-address.ts';

const MAX_MEMORY = /^\d+(kb|mb|gb)$/i;

/** All that is to run, and where it will be found. */
export interface StackPlan {
  /** NATS and Redis, as far as they are ours. */
  servers: PartDefinition[];
  services: PartDefinition[];
  /** NATS and Redis, as far as others run them. */
  foreign: ForeignServer[];
  webUrl: string;
  apiUrl: string;
  natsUrl: string;
  redisShown: string;
  proxy: ProxyPlan;
  /** The environment variables that made it so, and the names of those that are secrets. */
  settings: Record<string, string>;
  unkept: string[];
  /** It asks who comes in. */
  isGuarded: boolean;
}

const FOREIGN = {
  nats: { check: 'nats', title: 'NATS', variable: 'NATS_URL' },
  redis: { check: 'redis', title: 'Redis', variable: 'REDIS_URL' },
} as const;

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
  pool.reserve(await claimWebPort(options.webPort, NO_PORTS, command));
  const listening = readBusListening(env);
  const natsPort = env['NATS_URL']
    ? undefined
    : await claimNatsPort(env, listening, NO_PORTS, command);
  if (natsPort !== undefined) pool.reserve(natsPort);
  const proxy = await planProxy(env, NO_PORTS);
  for (const { listen } of proxy.more) pool.reserve(listen.port);
  if (proxy.listen) pool.reserve(proxy.listen.port);
  const { isRoot, say } = options;
  const sources = await obtainServers(neededServers(env), { env, isRoot, say });
  const [nats, redis] = await Promise.all([
    planNats(context, sources.get('nats'), { port: natsPort, listening }, options.user),
    planRedis(context, sources.get('redis'), pool, options.user),
  ]);
  const ports = await takePorts(pool, options.webPort);
  const { scheme, basePath } = webAddress(env);
  const addresses = {
    natsUrl: nats.url,
    bus: nats.bus,
    redisUrl: redis.url,
    redisUrlFile: redis.urlFile,
    ports,
  };
  return {
    servers: [nats.part, redis.part].filter((part) => part !== undefined),
    foreign: [
      ...(nats.part ? [] : [{ ...FOREIGN.nats, address: nats.shown }]),
      ...(redis.part ? [] : [{ ...FOREIGN.redis, address: redis.shown }]),
    ],
    services: serviceParts({
      ...{ root, node, env, addresses, proxy },
      settingFiles: context.settingFiles,
    }),
    webUrl: `${scheme}://localhost:${ports.web}${basePath}`,
    apiUrl: `http://127.0.0.1:${ports.api}`,
    natsUrl: nats.url,
    redisShown: redis.shown,
    proxy,
    settings: keptSettings(handedOn(context)),
    unkept: unkeptSettings(handedOn(context)),
    isGuarded: isGuarded(env),
  };
}

/** Those that the environment names none of. */
export function neededServers(env: Record<string, string | undefined>): ServerName[] {
  const isNeeded = { nats: !env['NATS_URL'], redis: !env['REDIS_URL'] };
  return (['nats', 'redis'] as const).filter((name) => isNeeded[name]);
}

/** @throws {CliError} when `REDIS_MAXMEMORY` is no size */
export function maxMemoryOf(env: Record<string, string | undefined>): string {
  const maxMemory = env['REDIS_MAXMEMORY'] || '1gb';
  if (MAX_MEMORY.test(maxMemory)) return maxMemory;
  throw new CliError(`REDIS_MAXMEMORY is "${maxMemory}".`, { hint: 'Write it as 512mb or 2gb.' });
}

interface ServerPlan {
  part?: PartDefinition;
  url: string;
  urlFile?: string | undefined;
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
  const bus = await lockUsers(home.bus, context.pid, () =>
    prepareBus({ folder: home.bus, env, listening, port, nowMs }),
  );
  const folders = { folder: home.nats, busFolder: home.bus };
  const part = await natsPart({
    ...{ source, root, ...folders, port, listening, user },
    env: handedOn(context),
  });
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
  const maxMemory = maxMemoryOf(env);
  const freePort = () => pool.take();
  return await redisPart({
    source,
    root,
    folder: home.redis,
    freePort,
    maxMemory,
    user,
    env: handedOn(context),
  });
}

/** Passwords in addresses are not for the screen. */
export function withoutCredentials(url: string): string {
  return url.replaceAll(/\/\/[^@/,]*@/g, '//');
}
