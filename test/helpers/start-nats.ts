import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.ts';
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
  options: { args?: string[]; jetstream?: boolean } = {},
): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nats-'));
  const port = await freePort();
  let program: Program;
  const start = async () => {
    program = startProgram(NATS_SERVER, [
      ...['-a', '127.0.0.1', '-p', String(port)],
      ...(options.jetstream === false ? [] : ['-js', '-sd', folder]),
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
