import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';

import type { Load, Truth } from '../helpers/load.ts';
import { readStore, type StoreReading } from '../helpers/read-store.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

/** Real servers and collectors, to break and to count with. */
export interface FaultBench {
  nats: NatsServer;
  redisServer: RedisServer;
  connection: NatsConnection;
  redis: Redis;
  collectors: Service[];
  startCollector(env?: Record<string, string>): Promise<Service>;
  read(): Promise<StoreReading>;
  stop(): Promise<void>;
}

/** @param options.collectors how many run from the start */
export async function startFaultBench(
  options: { collectors?: number; env?: Record<string, string> } = {},
): Promise<FaultBench> {
  const [nats, redisServer] = await Promise.all([startNats(), startRedis()]);
  const connection = await connect({
    servers: nats.url,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
  });
  const redis = new Redis(redisServer.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const collectors: Service[] = [];
  const startCollector = async (env: Record<string, string> = {}) => {
    const collector = await startService('collector', {
      ...{ NATS_URL: nats.url, REDIS_URL: redisServer.url, ACK_WAIT_MS: '2000' },
      ...options.env,
      ...env,
    });
    collectors.push(collector);
    return collector;
  };
  for (let i = 0; i < (options.collectors ?? 2); i++) await startCollector();
  return {
    ...{ nats, redisServer, connection, redis, collectors, startCollector },
    read: () => readStore(redis),
    async stop() {
      await Promise.all(collectors.map((collector) => collector.stop()));
      redis.disconnect();
      await connection.close();
      await Promise.all([nats.stop(), redisServer.stop()]);
    },
  };
}

/** What a store must say after a load: in its totals, its rollups, its lists. */
export function expectedReading(truth: Truth): StoreReading {
  const ended = truth.completed + truth.failed + truth.cancelled;
  return {
    ...{ totals: truth, minutes: truth, hours: truth },
    active: truth.started - ended,
    history: ended,
    requests: truth.started,
  };
}

/** Reads once the store says what the load holds and every event is acked, or after a while what it says instead. */
export async function readWhenSettled(bench: FaultBench, load: Load): Promise<StoreReading> {
  const wanted = JSON.stringify(expectedReading(load.truth));
  const isRight = async () => JSON.stringify(await bench.read()) === wanted;
  await drained(bench);
  try {
    await waitFor('the store to hold the load', isRight, { timeoutMs: 15_000, everyMs: 200 });
  } catch {
    // The comparison in the test says what differs.
  }
  return bench.read();
}

/** Resolves once every message of the requests stream is acked. */
export async function drained(bench: FaultBench): Promise<void> {
  const manager = await jetstreamManager(bench.connection);
  await waitFor(
    'every event to be acked',
    async () => {
      const info = await manager.consumers.info('LLM_REQUESTS', 'collector');
      return info.num_pending + info.num_ack_pending === 0;
    },
    { timeoutMs: 30_000, everyMs: 100 },
  );
}

/** One line a fault: what was done, what was measured. */
export function report(fault: string, measured: string): void {
  process.stdout.write(`fault: ${fault}: ${measured}\n`);
}
