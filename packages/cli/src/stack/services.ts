import { join } from 'node:path';

import type { BusAccess } from '../bus/embedded-bus.ts';
import type { Context } from '../context.ts';
import type { ProxyPlan } from '../proxy/plan-proxy.ts';
import { reachedAt } from '../proxy/proxy-address.ts';
import { SERVICES, type ServiceName } from './service-names.ts';
import { asFile, handedOn } from './setting-files.ts';
import type { PartDefinition } from './supervise-part.ts';
import { webAddress } from './web-address.ts';

/** What the connectors connect to: without any of these there is nothing for them to do, and they do not run. */
const CONNECTED_BY = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'FREQTRADE_BOTS',
];

const runs = (name: ServiceName, env: Record<string, string | undefined>): boolean =>
  name !== 'connectors' ||
  CONNECTED_BY.some((setting) => Boolean(env[setting] || env[`${setting}_FILE`]));

/** A service bounds its own end at ten seconds. */
export const STOP_GRACE_MS = 12_000;

/** V8's helpers hold memory of their own, and who does little at a time needs one of the four. */
const ONE_HELPER = '--v8-pool-size=1';

/**
 * Small heaps are collected before they grow: a monitor should not cost what it watches. Where the old space may have 2 GiB, V8 lets it
 * grow fourfold between two full collections, else by half: a collector that has much to do goes through it a quarter as often.
 */
const NODE_FLAGS: Record<ServiceName, readonly string[]> = {
  collector: ['--max-semi-space-size=4', '--max-old-space-size=2048'],
  api: ['--max-semi-space-size=2', '--max-old-space-size=512'],
  web: ['--max-semi-space-size=2', '--max-old-space-size=512'],
  agent: ['--max-semi-space-size=2', '--max-old-space-size=128', '--optimize-for-size'],
  alerts: [
    ONE_HELPER,
    '--max-semi-space-size=2',
    '--max-old-space-size=128',
    '--optimize-for-size',
  ],
  connectors: [ONE_HELPER, '--max-semi-space-size=2', '--max-old-space-size=256'],
};

/** Where services find what they need, and where they listen. */
export interface Addresses {
  natsUrl: string;
  /** When NATS is the stack's own: each service speaks there as a user that may do just what it does. */
  bus?: BusAccess | undefined;
  redisUrl: string;
  /** The same address as a file, where it has a password of the stack's own. */
  redisUrlFile?: string | undefined;
  ports: Record<ServiceName, number>;
}

/** The services of the stack, from their builds. Each learns of the others by its environment only. */
export function serviceParts(options: {
  root: string;
  node: string;
  env: Record<string, string | undefined>;
  settingFiles?: Context['settingFiles'];
  addresses: Addresses;
  proxy: Pick<ProxyPlan, 'listen' | 'upstream'>;
}): PartDefinition[] {
  const { addresses } = options;
  return SERVICES.filter((name) => runs(name, options.env)).map((name) => ({
    name,
    command: options.node,
    args: serviceArguments(options.root, name),
    env: {
      ...withoutFiles(handedOn(options), ['API_URL', 'HOST', 'PORT']),
      ...WITHOUT_API_TLS,
      ...serverAddresses(name, options),
      ...(addresses.bus ? busCertificates(addresses.bus) : {}),
      API_URL: `http://127.0.0.1:${addresses.ports.api}`,
      HOST: hostOf(name, options.env),
      PORT: String(addresses.ports[name]),
      NODE_ENV: 'production',
      ...(name === 'agent' ? proxyEnvironment(options.proxy) : {}),
      ...(name === 'web' ? reachedProxy(options.env, options.proxy) : {}),
      ...(name === 'alerts' ? dashboardAddress(options.env, addresses.ports.web) : {}),
    },
    stopGraceMs: STOP_GRACE_MS,
    readyUrl: `${name === 'web' ? webAddress(options.env).scheme : 'http'}://127.0.0.1:${addresses.ports[name]}/ready`,
  }));
}

/** Addresses with passwords are told by files. */
function serverAddresses(
  name: ServiceName,
  {
    addresses,
    settingFiles = {},
  }: { addresses: Addresses; settingFiles?: Context['settingFiles'] },
): Record<string, string | undefined> {
  const { bus, natsUrl, redisUrl, redisUrlFile } = addresses;
  const natsFile = bus?.urlFileFor(name) ?? settingFiles['NATS_URL'];
  const redisFile = redisUrlFile ?? settingFiles['REDIS_URL'];
  return {
    ...(natsFile
      ? asFile('NATS_URL', natsFile)
      : withoutFiles({ NATS_URL: natsUrl }, ['NATS_URL'])),
    ...(redisFile
      ? asFile('REDIS_URL', redisFile)
      : withoutFiles({ REDIS_URL: redisUrl }, ['REDIS_URL'])),
  };
}

/** The dashboard's examples name it. Without a proxy they name the usual one. */
function reachedProxy(
  env: Record<string, string | undefined>,
  { listen }: Pick<ProxyPlan, 'listen'>,
): Record<string, string> {
  if (!listen || env['PROXY_ADDRESS'] || env['PROXY_ADDRESS_FILE']) return {};
  return { PROXY_ADDRESS: reachedAt(listen) };
}

/** Links in what people are told begin with it; from elsewhere the dashboard has another address, which only they know. */
function dashboardAddress(
  env: Record<string, string | undefined>,
  port: number,
): Record<string, string> {
  if (env['DASHBOARD_URL'] || env['DASHBOARD_URL_FILE']) return {};
  const { scheme, basePath } = webAddress(env);
  // What is wrong with a path is for the web service to say, whose setting it is.
  return { DASHBOARD_URL: `${scheme}://localhost:${port}${encodeURI(basePath)}` };
}

/** The API of the stack is asked on this machine alone, where HTTPS would protect nothing. */
const API_TLS = ['API_TLS_CERT', 'API_TLS_KEY', 'API_CA'];
const WITHOUT_API_TLS = Object.fromEntries(
  API_TLS.flatMap((name) => [
    [name, undefined],
    [`${name}_FILE`, undefined],
  ]),
);

/** A service that is told of no authority would trust any that Node knows. */
function busCertificates({ caFile }: BusAccess): Record<string, string | undefined> {
  const names = ['NATS_CA', 'NATS_CERT', 'NATS_KEY'];
  return { ...withoutFiles({}, names), NATS_CERT: undefined, NATS_KEY: undefined, NATS_CA: caFile };
}

/** How Node runs a service. */
export function serviceArguments(root: string, name: ServiceName): string[] {
  return [...NODE_FLAGS[name], join(root, 'services', name, 'dist', 'main.js')];
}

/** What tells the agent where its proxy listens, and which server it looks at. */
export function proxyEnvironment({
  listen,
  upstream,
}: Pick<ProxyPlan, 'listen' | 'upstream'>): Record<string, string | undefined> {
  return {
    ...withoutFiles({}, ['PROXY_LISTEN', 'OLLAMA_URL']),
    PROXY_LISTEN: listen ? `${listen.host}:${listen.port}` : 'off',
    OLLAMA_URL: upstream.href.replace(/\/+$/, ''),
  };
}

/** Some shells export HOST as the machine's name, so it counts only beside a token, without which no service would listen there. */
function hostOf(name: ServiceName, env: Record<string, string | undefined>): string {
  const hasToken = env['LLM_MONITOR_TOKEN'] || env['LLM_MONITOR_TOKEN_FILE'];
  return name === 'web' && hasToken && env['HOST'] ? env['HOST'] : '127.0.0.1';
}

/** A service refuses a setting that comes as a variable and as a file; the stack sets these as variables. */
function withoutFiles(
  env: Record<string, string | undefined>,
  names: readonly string[],
): Record<string, string | undefined> {
  return { ...env, ...Object.fromEntries(names.map((name) => [`${name}_FILE`, undefined])) };
}
