import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { containerName, dockerRunArgs, removeContainer } from '../servers/docker.ts';
import type { ServerSource } from '../servers/obtain-servers.ts';
import type { PartDefinition } from './supervise-part.ts';

const run = promisify(execFile);
const IMAGE = 'nats:2.15-alpine';
const CONTAINER_PORT = 4222;
const STOP_GRACE_MS = 10_000;

/** The NATS of this stack: JetStream, data in the data folder, no monitoring port. */
export async function natsPart(options: {
  source: ServerSource;
  root: string;
  folder: string;
  port: number;
  user: string | undefined;
  env: Record<string, string | undefined>;
}): Promise<PartDefinition> {
  const { source, folder, port } = options;
  const configuration = (name: string) => join(options.root, 'deploy', name);
  const common = { name: 'nats', env: options.env, stopGraceMs: STOP_GRACE_MS };
  if (source.kind === 'program') {
    const name = configurationFor(await versionOf(source.path));
    const listen = ['--addr', '127.0.0.1', '--port', String(port)];
    const data = ['--jetstream', '--store_dir', folder];
    return {
      ...common,
      command: source.path,
      args: ['--config', configuration(name), ...listen, ...data],
    };
  }
  const container = containerName('nats', folder);
  await removeContainer(source.docker, container);
  const args = dockerRunArgs({
    name: container,
    image: IMAGE,
    port: { host: port, container: CONTAINER_PORT },
    mounts: { [folder]: '/data', [configuration('nats.conf')]: '/etc/nats/llm-monitor.conf:ro' },
    user: options.user,
    command: ['--config', '/etc/nats/llm-monitor.conf', '--jetstream', '--store_dir', '/data'],
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
  const { stdout } = await run(path, ['--version'], { timeout: 5000 });
  return stdout;
}
