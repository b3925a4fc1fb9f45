import { jetstreamManager, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';

import { readStore, type StoreReading } from '../helpers/read-store.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { length } from './lengths.ts';

/** The broker's patience with a collector, as the tests set it and as the product does. */
export const ACK_WAIT_MS = length({ short: 2000, full: 30_000 });

/** Real servers, collectors and an API, to break and to count with. */
export interface FaultBench {
  nats: NatsServer;
  redisServer: RedisServer;
  /** The tests' own connections, past all proxies. */
  connection: NatsConnection;
  redis: Redis;
  manager: JetStreamManager;
  collectors: Service[];
  /** Between the collectors and Redis, where it was asked for. */
  proxy: TcpProxy;
  api: Service;
  /** Environment of the services, to start more of them with. */
  env: Record<string, string>;
  startCollector(env?: Record<string, string>): Promise<Service>;
  read(): Promise<StoreReading>;
  /** What the broker says of the collectors' consumer of requests. */
  consumer(): Promise<ConsumerInfo>;
  /** Deletes that consumer, and waits until the collectors have made it again. @returns how long that took, ms */
  loseConsumer(): Promise<number>;
  stop(): Promise<void>;
}

export interface FaultBenchOptions {
  /** How many run from the start. Default 2. */
  collectors?: number;
  env?: Record<string, string>;
  /** Shards of Redis. Default 2, so that counts are sums. */
  shards?: number;
  /** Lets the collectors reach Redis through a proxy only. */
  redisProxy?: boolean;
  nats?: Parameters<typeof startNats>[0];
}

export async function startFaultBench(options: FaultBenchOptions = {}): Promise<FaultBench> {
  const shards = options.shards ?? 2;
  const [nats, redisServer] = await Promise.all([startNats(options.nats), startRedis()]);
  const proxy = await startTcpProxy(redisServer.port);
  const connection = await connect({
    servers: nats.url,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
  });
  const redis = new Redis(redisServer.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const env = {
    ...{ NATS_URL: nats.url, REDIS_URL: redisServer.url, REDIS_SHARDS: String(shards) },
    ...{ ACK_WAIT_MS: String(ACK_WAIT_MS) },
    ...options.env,
  };
  const collectorEnv = options.redisProxy
    ? { ...env, REDIS_URL: `redis://127.0.0.1:${proxy.port}` }
    : env;
  const collectors: Service[] = [];
  const starting: Promise<Service>[] = [];
  const start = (...service: Parameters<typeof startService>) => {
    const started = startService(...service);
    starting.push(started);
    return started;
  };
  const startCollector = async (more: Record<string, string> = {}) => {
    const collector = await start('collector', { ...collectorEnv, ...more });
    collectors.push(collector);
    return collector;
  };
  const stop = async () => {
    const settled = await Promise.allSettled(starting);
    const services = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all(services.map((service) => service.stop()));
    redis.disconnect();
    await connection.close();
    await Promise.all([nats.stop(), redisServer.stop(), proxy.stop()]);
  };
  const wanted = Array.from({ length: options.collectors ?? 2 }, () => startCollector());
  const [api, manager] = await Promise.all([
    start('api', env),
    jetstreamManager(connection),
    ...wanted,
  ]).catch(async (error: unknown) => {
    // Nobody gets what would end the rest.
    await stop();
    throw error;
  });
  const consumer = () => manager.consumers.info('LLM_REQUESTS', 'collector');
  return {
    ...{ nats, redisServer, connection, redis, manager, collectors, proxy, api, env },
    startCollector,
    read: () => readStore(redis, shards),
    consumer,
    async loseConsumer() {
      const { created } = await consumer();
      // nats-server 2.9 may complain of what is written there meanwhile, and deletes it all the same.
      await manager.consumers.delete('LLM_REQUESTS', 'collector').catch(() => undefined);
      const began = performance.now();
      await waitFor(
        'the consumer to be made again',
        async () => (await consumer()).created !== created,
        { timeoutMs: 60_000 },
      );
      return performance.now() - began;
    },
    stop,
  };
}
