import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.ts';
import { projectRoot } from './project-root.ts';
import { startProgram, type Program } from './start-program.ts';
import { waitFor } from './wait-for.ts';

/** A nats-server with JetStream in a folder of its own. */
export interface NatsServer {
  url: string;
  port: number;
  pid(): number;
  /** Kills it at once, as a power cut would. Its data stay. */
  kill(): Promise<void>;
  /** Starts it again with the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Which nats-server to run: `NATS_SERVER` names another than the one on the PATH. */
const NATS_SERVER = process.env['NATS_SERVER'] ?? 'nats-server';

export async function startNats(
  options: {
    args?: string[];
    jetstream?: boolean;
    /** What starts the server: a program and its arguments, to which the server's own are added. */
    through?: readonly string[];
    /** Where its data are; a folder of its own by default. */
    folder?: string;
  } = {},
): Promise<NatsServer> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'nats-')));
  const port = await freePort();
  const needsConfig = options.jetstream !== false && !options.args?.includes('-c');
  let program: Program;
  const start = async () => {
    const [command, ...before] = [...(options.through ?? []), NATS_SERVER];
    program = startProgram(command, [
      ...before,
      ...['-a', '127.0.0.1', '-p', String(port)],
      ...(options.jetstream === false ? [] : ['-js', '-sd', folder]),
      ...(needsConfig ? ['-c', productConfig()] : []),
      ...(options.args ?? []),
    ]);
    await waitFor('nats-server to answer', () => answers(port));
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: () => program.pid,
    kill: () => program.stop('SIGKILL'),
    restart: start,
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The product's own configuration for this server's version, as the embedded stack chooses it. */
function productConfig(): string {
  const isOld = / v?2\.[0-9]\./.test(natsVersion());
  return join(projectRoot(), 'deploy', isOld ? 'nats-2.9.conf' : 'nats.conf');
}

let version: string | undefined;

/** What the nats-server of the tests says of itself: `nats-server: v2.9.10`. */
export function natsVersion(): string {
  version ??= execFileSync(NATS_SERVER, ['--version'], { encoding: 'utf8' }).trim();
  return version;
}

/** Does something greet on this port? */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.setTimeout(1000, () => end(false));
  });
}
