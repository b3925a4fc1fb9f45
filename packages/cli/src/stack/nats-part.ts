import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { BusListening } from '../bus/bus-listening.ts';
import { writeServerConf } from '../bus/embedded-bus.ts';
import { CliError } from '../cli-error.ts';
import { containerName, dockerRunArgs, removeContainer } from '../servers/docker.ts';
import type { ServerSource } from '../servers/obtain-servers.ts';
import type { PartDefinition } from './supervise-part.ts';

const run = promisify(execFile);
const IMAGE = 'nats:2.15-alpine';
const CONTAINER_PORT = 4222;
const STOP_GRACE_MS = 10_000;

/** The NATS of this stack: JetStream, data in the data folder, users and certificates beside them, no monitoring port. */
export async function natsPart(options: {
  source: ServerSource;
  root: string;
  /** Where its data are, and where its users. */
  folder: string;
  busFolder: string;
  port: number;
  listening: BusListening;
  user: string | undefined;
  env: Record<string, string | undefined>;
}): Promise<PartDefinition> {
  const { source, folder, busFolder, port, listening } = options;
  const common = { name: 'nats', env: options.env, stopGraceMs: STOP_GRACE_MS };
  const isProgram = source.kind === 'program';
  const name = isProgram ? configurationFor(await versionOf(source.path)) : 'nats.conf';
  const base = await readFile(join(options.root, 'deploy', name), 'utf8');
  const { isTls } = listening;
  if (source.kind === 'program') {
    const place = { folder: busFolder, store: folder };
    const listen = { host: listening.host === '*' ? '0.0.0.0' : listening.host, port };
    const file = await writeServerConf({ folder: busFolder, base, listen, place, isTls });
    return { ...common, command: source.path, args: ['--config', file] };
  }
  const place = { folder: '/bus', store: '/data' };
  const listen = { host: '0.0.0.0', port: CONTAINER_PORT };
  await writeServerConf({ folder: busFolder, base, listen, place, isTls });
  const container = containerName('nats', folder);
  await removeContainer(source.docker, container);
  const args = dockerRunArgs({
    name: container,
    image: IMAGE,
    address: listening.host === '*' ? '0.0.0.0' : listening.host,
    port: { host: port, container: CONTAINER_PORT },
    mounts: { [folder]: '/data', [busFolder]: '/bus:ro' },
    user: options.user,
    command: ['--config', '/bus/nats-server.conf'],
  });
  return { ...common, command: source.docker, args };
}

/** nats-server 2.9 refuses to start on a setting that 2.10 brought. */
export function configurationFor(version: string): string {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? [];
  const isOld = Number(major) < 2 || (Number(major) === 2 && Number(minor) < 10);
  return isOld ? 'nats-2.9.conf' : 'nats.conf';
}

async function versionOf(path: string): Promise<string> {
  try {
    return (await run(path, ['--version'], { timeout: 5000 })).stdout;
  } catch (cause) {
    throw new CliError(`${path} does not say its version: it is no nats-server that runs here.`, {
      hint: 'Name another in NATS_SERVER, or install nats-server.',
      cause,
    });
  }
}
