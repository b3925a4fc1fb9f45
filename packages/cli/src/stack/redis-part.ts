import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writePrivate } from '../home/write-private.ts';
import { containerName, dockerRunArgs, removeContainer } from '../servers/docker.ts';
import type { ServerSource } from '../servers/obtain-servers.ts';
import type { PartDefinition } from './supervise-part.ts';

const IMAGE = 'redis:8-alpine';
const CONTAINER_PORT = 6379;
/** A longer socket path is cut by the system (104 bytes on macOS, 108 on Linux). */
const MAX_SOCKET_BYTES = 100;
const STOP_GRACE_MS = 15_000;

export interface RedisPlan {
  part: PartDefinition;
  url: string;
  /** The file with it, where it has a password: no process has that in its environment. */
  urlFile: string | undefined;
  /** Without the password. */
  shown: string;
}

/** Where Redis can be reached by this stack, and by nobody else. */
export type RedisAddress =
  | { kind: 'socket'; path: string }
  | { kind: 'port'; port: number; password: string };

export function fitsSocket(folder: string): boolean {
  return Buffer.byteLength(join(folder, 'redis.sock')) <= MAX_SOCKET_BYTES;
}

/** The Redis of this stack: a unix socket that only this user may open, else a port with a password. */
export async function redisPart(options: {
  source: ServerSource;
  root: string;
  folder: string;
  freePort: () => Promise<number>;
  maxMemory: string;
  user: string | undefined;
  env: Record<string, string | undefined>;
}): Promise<RedisPlan> {
  const { source, folder, root } = options;
  const address: RedisAddress =
    source.kind === 'program' && fitsSocket(folder)
      ? { kind: 'socket', path: join(folder, 'redis.sock') }
      : { kind: 'port', port: await options.freePort(), password: await readPassword(folder) };
  const file = join(folder, 'redis.conf');
  const base = join(root, 'deploy', 'redis.conf');
  const inside = source.kind === 'docker';
  const text = inside
    ? configuration(
        address,
        { base: '/etc/redis/base.conf', folder: '/data', inside },
        options.maxMemory,
      )
    : configuration(address, { base, folder, inside }, options.maxMemory);
  await writePrivate(file, text);
  const common = { name: 'redis', env: options.env, stopGraceMs: STOP_GRACE_MS };
  const reached = {
    url: urlOf(address),
    urlFile: address.kind === 'port' ? join(folder, 'url') : undefined,
    shown: shownAddress(address),
  };
  if (reached.urlFile) await writePrivate(reached.urlFile, `${reached.url}\n`);
  if (source.kind === 'program') {
    return { part: { ...common, command: source.path, args: [file] }, ...reached };
  }
  const name = containerName('redis', folder);
  await removeContainer(source.docker, name);
  const args = dockerRunArgs({
    name,
    image: IMAGE,
    port: { host: address.kind === 'port' ? address.port : 0, container: CONTAINER_PORT },
    mounts: { [folder]: '/data', [base]: '/etc/redis/base.conf:ro' },
    user: options.user,
    command: ['redis-server', '/data/redis.conf'],
  });
  return { part: { ...common, command: source.docker, args }, ...reached };
}

/** Redis takes the last word on each setting, so ours come after the shared file. */
export function configuration(
  address: RedisAddress,
  place: { base: string; folder: string; inside: boolean },
  maxMemory: string,
): string {
  const listen =
    address.kind === 'socket'
      ? ['port 0', `unixsocket ${quote(address.path)}`, 'unixsocketperm 600']
      : [
          `port ${place.inside ? CONTAINER_PORT : address.port}`,
          // In a container the host's side is bound to 127.0.0.1 instead.
          place.inside ? 'bind * -::*' : 'bind 127.0.0.1',
          `requirepass ${address.password}`,
        ];
  const lines = [
    `include ${quote(place.base)}`,
    ...listen,
    `dir ${quote(place.folder)}`,
    `maxmemory ${maxMemory}`,
    'daemonize no',
    'logfile ""',
  ];
  return `${lines.join('\n')}\n`;
}

function quote(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}

function urlOf(address: RedisAddress): string {
  return address.kind === 'socket'
    ? `unix://${address.path}`
    : `redis://:${address.password}@127.0.0.1:${address.port}`;
}

function shownAddress(address: RedisAddress): string {
  return address.kind === 'socket' ? address.path : `127.0.0.1:${address.port}`;
}

/** One password for the life of the data folder. */
async function readPassword(folder: string): Promise<string> {
  const path = join(folder, 'password');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    const password = randomBytes(24).toString('hex');
    await writePrivate(path, `${password}\n`);
    return password;
  }
}
