import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLogger } from '@llm-monitor/runtime';
import { connectStore, whenStoreReady } from '@llm-monitor/runtime/store';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis, type Cluster } from 'ioredis';

import type { Measurable } from '../faults/measure.ts';
import { freePort } from '../helpers/free-port.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { readStore } from '../helpers/read-store.ts';
import { startProgram, type Program } from '../helpers/start-program.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

/** A silent Redis is replaced after this time. */
export const NODE_TIMEOUT_MS = 2000;

/** One server of the cluster, as `scripts/cluster.mjs` tells of it. */
export interface Part {
  name: string;
  command: string;
  args: string[];
  port: number;
  pid: number;
}

/** What `pnpm cluster` starts, with collectors and an API on it, to break and to count with. */
export interface ClusterBench extends Measurable {
  parts: Part[];
  connection: NatsConnection;
  manager: JetStreamManager;
  redis: Cluster;
  collectors: Service[];
  env: Record<string, string>;
  startCollector(env?: Record<string, string>): Promise<Service>;
  part(name: string): Part;
  kill(part: Part): void;
  /** Starts again what was killed, with the same port and data. */
  restart(part: Part): void;
  /** The server that leads the stream of requests. */
  streamLeader(): Promise<Part>;
  /** The server that holds a shard as primary, asked of one that lives. */
  primaryOf(shard: number, except?: Part): Promise<Part | undefined>;
  /** The replica of that primary. */
  replicaOf(primary: Part): Promise<Part>;
  stop(): Promise<void>;
}

export async function startClusterBench(
  options: { collectors?: number; env?: Record<string, string> } = {},
): Promise<ClusterBench> {
  const folder = await mkdtemp(join(tmpdir(), 'cluster-'));
  const script = await startScript(folder);
  const { env: clusterEnv, parts } = JSON.parse(
    await readFile(join(folder, 'cluster.json'), 'utf8'),
  ) as { env: Record<string, string>; parts: Part[] };
  const env: Record<string, string> = { ...clusterEnv, ACK_WAIT_MS: '5000', ...options.env };
  const connection = await connect({
    servers: parts.filter(isNats).map(({ port }) => `127.0.0.1:${port}`),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
  });
  const manager = await jetstreamManager(connection, { timeout: 1000 });
  const redis = connectStore({
    url: env['REDIS_URL'] ?? '',
    name: 'test',
    log: createLogger({ service: 'test', level: 'silent' }),
  }) as Cluster;
  await whenStoreReady(redis);

  const collectors: Service[] = [];
  const startCollector = async (more: Record<string, string> = {}) => {
    const collector = await startService('collector', { ...env, ...more }, { until: 'ready' });
    collectors.push(collector);
    return collector;
  };
  for (let i = 0; i < (options.collectors ?? 3); i++) await startCollector();
  const api = await startService('api', env, { until: 'ready' });

  const again: Program[] = [];
  const part = (name: string) => parts.find((one) => one.name === name) ?? fail(name);
  return {
    ...{ parts, connection, manager, redis, collectors, env, api, startCollector, part },
    consumer: () => manager.consumers.info('LLM_REQUESTS', 'collector'),
    async read() {
      const generation = Number((await redis.get('{s0}:generation')) ?? 1);
      return await readStore(redis, Number(env['REDIS_SHARDS']), generation);
    },
    kill: ({ pid }) => process.kill(pid, 'SIGKILL'),
    restart(dead) {
      const program = startProgram(dead.command, dead.args);
      again.push(program);
      dead.pid = program.pid;
    },
    async streamLeader() {
      const { cluster } = await manager.streams.info('LLM_REQUESTS');
      return part(cluster?.leader ?? '');
    },
    primaryOf: (shard, except) => findPrimary(parts, shard, except),
    replicaOf: (primary) => findReplica(parts, primary),
    async stop() {
      await Promise.all([...collectors, api].map((service) => service.stop()));
      redis.disconnect();
      await connection.close();
      await Promise.all([script.stop(), ...again.map((program) => program.stop())]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const isNats = ({ name }: Part) => name.startsWith('nats');
const isRedis = ({ name }: Part) => name.startsWith('redis');

function fail(name: string): never {
  throw new Error(`the cluster has no part ${name}`);
}

const MAX_TRIES = 5;

/** With other ports when one of so many is taken. */
async function startScript(folder: string): Promise<Program> {
  for (let attempt = 1; ; attempt++) {
    const program = startProgram(process.execPath, [
      join(projectRoot(), 'scripts', 'cluster.mjs'),
      ...['--dir', folder, '--port', String(await freePort()), '--no-restart'],
      ...['--node-timeout', String(NODE_TIMEOUT_MS)],
    ]);
    let isOver = false;
    void program.exited.then(() => (isOver = true));
    const isUp = () => program.output().includes('export REDIS_URL');
    await waitFor('the cluster', () => isOver || isUp(), { timeoutMs: 90_000 });
    if (isUp()) return program;
    if (attempt === MAX_TRIES || !program.output().includes('is taken')) {
      throw new Error(`the cluster did not start:\n${program.output()}`);
    }
  }
}

/** Asks one server alone. */
export async function ask<T>(part: Part, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(part.port, '127.0.0.1', {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

async function findPrimary(
  parts: readonly Part[],
  shard: number,
  except?: Part,
): Promise<Part | undefined> {
  for (const one of parts.filter((each) => isRedis(each) && each !== except)) {
    const port = await ask(one, async (redis) => {
      const slot = await redis.cluster('KEYSLOT', `{s${shard}}`);
      const ranges = await redis.cluster('SLOTS');
      return ranges.find(([first, last]) => slot >= first && slot <= last)?.[2]?.[1];
    }).catch(() => undefined);
    const found = parts.find((each) => each.port === port);
    if (found) return found;
  }
  return undefined;
}

async function findReplica(parts: readonly Part[], primary: Part): Promise<Part> {
  for (const one of parts.filter(isRedis)) {
    const info = await ask(one, (redis) => redis.info('replication')).catch(() => '');
    if (info.includes('role:slave') && info.includes(`master_port:${primary.port}\r`)) return one;
  }
  return fail(`replica of ${primary.name}`);
}
