// Events a second from the stream into Redis by one collector, and what they cost: one NATS and one Redis, beside three NATS servers
// with three replicas of the stream and a Redis Cluster of three shards with a replica each. All on this one machine, in turn.
import { CONSUMERS, STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import { ensureStream } from '@llm-monitor/runtime';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { Redis, type Cluster } from 'ioredis';

import { ask, startClusterBench } from '../cluster/cluster-bench.ts';
import { createLoad, type Load } from '../helpers/load.ts';
import { readStore } from '../helpers/read-store.ts';
import { startNats } from '../helpers/start-nats.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { startService } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { cpuMs, median, printTable } from './measure.ts';

const CALLS = Number(process.env['BENCH_CALLS'] ?? 15_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const MAX_IN_FLIGHT = 500;

/** Servers that hold the load, ready to be collected from. */
interface Servers {
  env: Record<string, string>;
  manager: JetStreamManager;
  redis: Redis | Cluster;
  natsPids: number[];
  redisPids: number[];
  publishPerSecond: number;
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

interface Result {
  perSecond: number;
  collectorUs: number;
  natsUs: number;
  redisUs: number;
  /** The same of the one server of its kind that has most to do. */
  busiestNatsUs: number;
  busiestRedisUs: number;
}

/** Publishes with a bounded window of unanswered acks, as a client does. */
async function fill(connection: NatsConnection, load: Load, replicas: number): Promise<number> {
  const manager = await jetstreamManager(connection);
  for (const definition of STREAM_DEFINITIONS) await ensureStream(manager, definition, replicas);
  const began = performance.now();
  const waiting = new Set<Promise<unknown>>();
  for (const { subject, event } of load.events) {
    const given = headers();
    given.set(SENT_AT_HEADER, event.time);
    const sent = connection.request(subject, JSON.stringify(event), {
      headers: given,
      timeout: 20_000,
    });
    waiting.add(sent);
    void sent.finally(() => waiting.delete(sent));
    if (waiting.size >= MAX_IN_FLIGHT) await Promise.race(waiting);
  }
  await Promise.all(waiting);
  return (load.events.length * 1000) / (performance.now() - began);
}

async function startSingle(load: Load): Promise<Servers> {
  const [nats, redisServer] = await Promise.all([startNats(), startRedis()]);
  const connection = await connect({ servers: nats.url });
  const publishPerSecond = await fill(connection, load, 1);
  const redis = new Redis(redisServer.url);
  return {
    env: { NATS_URL: nats.url, REDIS_URL: redisServer.url },
    manager: await jetstreamManager(connection),
    ...{ redis, publishPerSecond },
    natsPids: [nats.pid()],
    redisPids: [redisServer.pid()],
    wipe: async () => void (await redis.flushall()),
    async stop() {
      redis.disconnect();
      await connection.close();
      await Promise.all([nats.stop(), redisServer.stop()]);
    },
  };
}

async function startCluster(load: Load): Promise<Servers> {
  const bench = await startClusterBench({ collectors: 0 });
  const pidsOf = (kind: string) =>
    bench.parts.filter(({ name }) => name.startsWith(kind)).map(({ pid }) => pid);
  return {
    env: bench.env,
    manager: bench.manager,
    redis: bench.redis,
    publishPerSecond: await fill(bench.connection, load, 3),
    natsPids: pidsOf('nats'),
    redisPids: pidsOf('redis'),
    async wipe() {
      const wiped = bench.parts
        .filter(({ name }) => name.startsWith('redis'))
        .map((part) => ask(part, (redis) => redis.flushall()).catch(() => undefined));
      await Promise.all(wiped);
    },
    stop: bench.stop,
  };
}

async function collect(servers: Servers, load: Load, env: Record<string, string>): Promise<Result> {
  const { manager } = servers;
  const shards = Number(env['REDIS_SHARDS'] ?? 1);
  await servers.wipe();
  await manager.consumers.delete(STREAMS.requests, CONSUMERS.requests).catch(() => undefined);
  const natsUs = watchCpu(servers.natsPids, load.events.length);
  const redisUs = watchCpu(servers.redisPids, load.events.length);
  const collector = await startService('collector', { ...servers.env, ...env });
  const began = performance.now();
  const cpuBefore = cpuMs(collector.pid);
  const floor = async () =>
    (await manager.consumers.info(STREAMS.requests, CONSUMERS.requests)).ack_floor.stream_seq;
  const startedAt = await floor();
  const isDone = async () => (await floor()) === load.events.length;
  await waitFor('all events to be collected', isDone, { everyMs: 20, timeoutMs: 180_000 });
  const seconds = (performance.now() - began) / 1000;
  const counted = load.events.length - startedAt;
  const collectorMs = cpuMs(collector.pid) - cpuBefore;
  const [nats, redis] = [natsUs(), redisUs()];
  const { totals } = await readStore(servers.redis, shards);
  await collector.stop();
  if (totals.started !== load.truth.started) {
    throw new Error(`${totals.started} calls of ${load.truth.started}`);
  }
  return {
    perSecond: counted / seconds,
    collectorUs: (collectorMs * 1000) / counted,
    natsUs: nats.sum,
    redisUs: redis.sum,
    busiestNatsUs: nats.most,
    busiestRedisUs: redis.most,
  };
}

/** What processes use from now on, µs an event: all of them, and the busiest. */
function watchCpu(pids: readonly number[], events: number): () => { sum: number; most: number } {
  const before = pids.map(cpuMs);
  return () => {
    const each = pids.map((pid, i) => ((cpuMs(pid) - (before[i] ?? 0)) * 1000) / events);
    return { sum: each.reduce((total, one) => total + one, 0), most: Math.max(...each) };
  };
}

const COSTS = ['collectorUs', 'natsUs', 'busiestNatsUs', 'redisUs', 'busiestRedisUs'] as const;

const load = createLoad({ seed: 1, calls: CALLS });
process.stdout.write(`${load.events.length} events of ${CALLS} calls, ${ROUNDS} rounds, medians\n`);
const single = await startSingle(load);
const cluster = await startCluster(load);
const variants = [
  { name: 'one NATS, one Redis, 1 shard', servers: single, env: { REDIS_SHARDS: '1' } },
  { name: 'the same, 13 shards', servers: single, env: { REDIS_SHARDS: '13' } },
  {
    name: 'cluster, 4 shards, no WAIT',
    servers: cluster,
    env: { REDIS_SHARDS: '4', REDIS_WAIT_REPLICAS: '0' },
  },
  {
    name: 'cluster, 13 shards, no WAIT',
    servers: cluster,
    env: { REDIS_SHARDS: '13', REDIS_WAIT_REPLICAS: '0' },
  },
  {
    name: 'cluster, 13 shards, WAIT 1',
    servers: cluster,
    env: { REDIS_SHARDS: '13', REDIS_WAIT_REPLICAS: '1' },
  },
].map((variant) => ({ ...variant, results: [] as Result[] }));
for (let round = 0; round < ROUNDS; round++) {
  for (const { servers, env, results } of variants) {
    results.push(await collect(servers, load, env));
  }
}
const of = (results: readonly Result[], field: keyof Result) =>
  median(results.map((result) => result[field]));
const baseline = of(variants[0]?.results ?? [], 'perSecond');
printTable([
  ['', 'events/s', 'of one', 'collector µs', 'NATS µs', 'busiest', 'Redis µs', 'busiest'],
  ...variants.map(({ name, results }) => [
    name,
    Math.round(of(results, 'perSecond')),
    `${((of(results, 'perSecond') / baseline) * 100).toFixed(0)} %`,
    ...COSTS.map((field) => of(results, field).toFixed(1)),
  ]),
]);
const rate = ({ publishPerSecond }: Servers) => Math.round(publishPerSecond);
process.stdout.write(
  `published with acks, ${MAX_IN_FLIGHT} in flight: one server ${rate(single)}/s, three with three replicas ${rate(cluster)}/s\n`,
);
await Promise.all([single.stop(), cluster.stop()]);
