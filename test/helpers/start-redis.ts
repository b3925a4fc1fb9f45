import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';

import { freePort } from './free-port.ts';
import { startProgram, type Program } from './start-program.ts';
import { waitFor } from './wait-for.ts';

/** A redis-server with an append-only file in a folder of its own, as the product runs it. */
export interface RedisServer {
  url: string;
  port: number;
  pid(): number;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Which redis-server to run: `REDIS_SERVER` names another than the one on the PATH. */
const REDIS_SERVER = process.env['REDIS_SERVER'] ?? 'redis-server';

export async function startRedis(options: { args?: string[] } = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let program: Program;
  const start = async () => {
    program = startProgram(REDIS_SERVER, [
      ...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder],
      ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
      ...['--maxmemory-policy', 'noeviction', '--hash-max-listpack-entries', '512'],
      ...['--hash-max-listpack-value', '1024', '--zset-max-listpack-entries', '1024'],
      ...(options.args ?? []),
    ]);
    await waitFor('redis-server to answer', () => answers(port));
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
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

async function answers(port: number): Promise<boolean> {
  const redis = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
