import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Does an engine answer? The client alone is of no use. */
export async function dockerAnswers(docker: string): Promise<boolean> {
  try {
    await run(docker, ['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** The name of our container for a server of this data folder: two folders never meet. */
export function containerName(server: string, folder: string): string {
  return `llm-monitor-${server}-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
}

/** Removes a container of ours that an earlier supervisor left behind when it was killed. */
export async function removeContainer(docker: string, name: string): Promise<void> {
  await run(docker, ['rm', '--force', name], { timeout: 30_000 }).catch(() => undefined);
}

/** Arguments that run an image in the foreground, so that its supervisor sees it live and die. */
export function dockerRunArgs(container: {
  name: string;
  image: string;
  /** Where it is reached; 127.0.0.1 by default. */
  address?: string;
  /** Port there and inside. */
  port: { host: number; container: number };
  /** Folders and files: outside → inside. */
  mounts: Record<string, string>;
  user: string | undefined;
  command: readonly string[];
}): string[] {
  const { address: host = '127.0.0.1' } = container;
  const address = host.includes(':') ? `[${host}]` : host;
  return [
    ...['run', '--rm', '--init', '--name', container.name],
    ...['--publish', `${address}:${container.port.host}:${container.port.container}`],
    ...Object.entries(container.mounts).flatMap(([from, to]) => ['--volume', `${from}:${to}`]),
    ...(container.user ? ['--user', container.user] : []),
    container.image,
    ...container.command,
  ];
}
