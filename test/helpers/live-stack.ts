import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent } from '@llm-monitor/contracts/events';
import { createKeys, type Keys } from '@llm-monitor/contracts/redis';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';

import { createFeedWriter, FEED_APP, type FeedWriter } from './feed-writer.ts';
import { openLiveClient, startLiveClient, type LiveClient } from './live-client.ts';
import { startNats, type NatsServer } from './start-nats.ts';
import { startRedis, type RedisServer } from './start-redis.ts';
import { startService, type Service } from './start-service.ts';

/** Web services over real servers, with a test in the place of the collectors. */
export interface LiveStack {
  nats: NatsServer;
  server: RedisServer;
  redis: Redis;
  keys: Keys;
  feed: FeedWriter;
  startWeb(more?: Record<string, string>): Promise<Service>;
  publishProgress(requestId: string, chunks: number, demo?: boolean): Promise<void>;
  /** A browser that has its first data. */
  join: typeof startLiveClient;
  open: typeof openLiveClient;
  closeClients(): void;
  stop(): Promise<void>;
}

export async function startLiveStack(shards: number): Promise<LiveStack> {
  const [nats, server] = await Promise.all([startNats(), startRedis()]);
  const redis = new Redis(server.url);
  redis.on('error', () => undefined);
  const connection = await connect({ servers: nats.url, maxReconnectAttempts: -1 });
  const keys = createKeys({ shards });
  const clients: LiveClient[] = [];
  const services: Service[] = [];
  const open: typeof openLiveClient = (...args) => {
    const client = openLiveClient(...args);
    clients.push(client);
    return client;
  };
  return {
    ...{ nats, server, redis, keys, open },
    feed: createFeedWriter(redis, keys),
    async startWeb(more = {}) {
      const env = { NATS_URL: nats.url, REDIS_URL: server.url, REDIS_SHARDS: String(shards) };
      const service = await startService('web', { ...env, ...more });
      services.push(service);
      return service;
    },
    publishProgress: (...args) => publishProgress(connection, ...args),
    async join(...args) {
      const client = await startLiveClient(...args);
      clients.push(client);
      return client;
    },
    closeClients() {
      for (const client of clients.splice(0)) client.close();
    },
    async stop() {
      await Promise.all(services.map((service) => service.stop()));
      await connection.close();
      redis.disconnect();
      await Promise.all([nats.stop(), server.stop()]);
    },
  };
}

async function publishProgress(
  connection: NatsConnection,
  requestId: string,
  chunks: number,
  demo = false,
): Promise<void> {
  const data = { requestId, app: FEED_APP, model: 'm', phase: 'generating', chunks, chars: chunks };
  const event = createEvent({
    ...{ id: `${requestId}:${chunks}`, source: '/test', type: 'llm.progress.v1' },
    ...{ time: new Date().toISOString(), data: demo ? { ...data, demo } : data },
  });
  connection.publish(subjects.progress(FEED_APP, 'm'), JSON.stringify(event));
  await connection.flush();
}
