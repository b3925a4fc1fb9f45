import { hostname } from 'node:os';
import { join } from 'node:path';

import { writePrivate } from '../home/write-private.ts';
import {
  localHostOf,
  machineAddresses,
  reachableHost,
  type BusListening,
} from './bus-listening.ts';
import { writeBusState } from './bus-state.ts';
import {
  ACCOUNTS_CONF,
  prepareUsers,
  STACK_USERS,
  stackUserName,
  type StackSecrets,
  type StackUser,
} from './bus-users.ts';
import { prepareCertificates } from './certificates.ts';

/** How the stack's own parts reach the stack's own NATS. */
export interface BusAccess {
  /** Without credentials: what may be shown. */
  url: string;
  /** With those of one of the stack's users. */
  urlFor(user: StackUser): string;
  /** The file with it: no process has the password in its environment. */
  urlFileFor(user: StackUser): string;
  /** Of the authority that signed the server's certificate. */
  caFile: string | undefined;
}

/** The name of this machine on the bus. */
export const hostNameOf = (env: Record<string, string | undefined>): string =>
  env['LLM_MONITOR_HOST_NAME'] || hostname();

/** Writes users and certificates, as NATS is to find them when it starts. */
export async function prepareBus(options: {
  folder: string;
  env: Record<string, string | undefined>;
  listening: BusListening;
  port: number;
  nowMs: number;
}): Promise<BusAccess> {
  const { folder, env, listening, port, nowMs } = options;
  const host = hostNameOf(env);
  const { isOpen } = listening;
  const separatesApps = true;
  const secrets = await prepareUsers(folder, { host, isOpen, separatesApps, nowMs });
  const certificates = listening.isTls
    ? await prepareCertificates(folder, serverNames(env, listening), nowMs)
    : undefined;
  const reachable = reachableHost(env, listening);
  await writeBusState(folder, { listening, port, separatesApps, reachableHost: reachable });
  const access = busAccess({ folder, listening, port, secrets, caFile: certificates?.caFile });
  await Promise.all(
    STACK_USERS.map((user) => writePrivate(access.urlFileFor(user), `${access.urlFor(user)}\n`)),
  );
  return access;
}

export function busAccess(options: {
  folder: string;
  listening: BusListening;
  port: number;
  secrets: StackSecrets;
  caFile: string | undefined;
}): BusAccess {
  const { folder, listening, port, secrets, caFile } = options;
  const scheme = caFile ? 'tls' : 'nats';
  const local = localHostOf(listening);
  const at = `${local.includes(':') ? `[${local}]` : local}:${port}`;
  return {
    url: `${scheme}://${at}`,
    urlFor: (user) => `${scheme}://${stackUserName(user)}:${secrets[user]}@${at}`,
    urlFileFor: (user) => join(folder, `${user}.url`),
    caFile,
  };
}

function serverNames(env: Record<string, string | undefined>, { host }: BusListening): string[] {
  const names = ['localhost', '127.0.0.1', '::1', hostname(), ...machineAddresses()];
  for (const name of [env['NATS_ADVERTISE'], host]) if (name) names.push(name);
  return [...new Set(names)].filter((name) => name !== '0.0.0.0' && name !== '::' && name !== '*');
}

/**
 * The whole configuration of the server in one file: it can only be read again (SIGHUP) when nothing of it comes from the command
 * line, and the users are the part that changes.
 * @param place where the server sees the folders
 */
export async function writeServerConf(options: {
  folder: string;
  /** What holds for every NATS of this product. */
  base: string;
  listen: { host: string; port: number };
  place: { folder: string; store: string };
  isTls: boolean;
}): Promise<string> {
  const { base, listen, place } = options;
  const quote = (text: string) => JSON.stringify(text);
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const lines = [
    '# Written by llm-monitor at each start.',
    base,
    `listen: ${quote(`${host}:${listen.port}`)}`,
    `store_dir: ${quote(place.store)}`,
    ...(options.isTls
      ? [
          'tls {',
          `  cert_file: ${quote(join(place.folder, 'server.pem'))}`,
          `  key_file: ${quote(join(place.folder, 'server.key'))}`,
          '  timeout: 5',
          '}',
        ]
      : []),
    `include '${ACCOUNTS_CONF}'`,
    '',
  ];
  const path = join(options.folder, 'nats-server.conf');
  await writePrivate(path, lines.join('\n'));
  return path;
}
