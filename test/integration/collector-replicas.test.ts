import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { readStore } from '../helpers/read-store.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

let nats: NatsServer;
let primary: RedisServer;
let replica: RedisServer;
let redis: Redis;
let connection: NatsConnection;
let collector: Service;

beforeAll(async () => {
  [nats, primary] = await Promise.all([startNats(), startRedis()]);
  replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(primary.port)] });
  connection = await connect({ servers: nats.url });
  redis = new Redis(primary.url);
  collector = await startService(
    'collector',
    { NATS_URL: nats.url, REDIS_URL: primary.url, REDIS_WAIT_REPLICAS: '1' },
    { until: 'ready' },
  );
});
afterAll(async () => {
  await collector.stop();
  redis.disconnect();
  await connection.close();
  await Promise.all([nats.stop(), primary.stop(), replica.stop()]);
});

async function unacked(): Promise<number> {
  const manager = await jetstreamManager(connection);
  const info = await manager.consumers.info('LLM_REQUESTS', 'collector');
  return info.num_pending + info.num_ack_pending;
}

const counted = async () => (await readStore(redis)).totals.started;

test('an event is acked once a replica has it too, and held while none confirms', async () => {
  await publish(connection, [aCall().started()]);
  await waitFor(
    'the first event to be acked',
    async () => (await counted()) === 1 && !(await unacked()),
  );

  await replica.kill();
  // A slow machine may have let the first event wait for its replica, too.
  const before = collector.output().length;
  const said = () => collector.output().slice(before);
  await publish(connection, [aCall().started()]);
  await waitFor('the batch to be held', () => said().includes('holding it'));
  expect(said()).toContain('0 of 1 replicas');
  expect(await counted()).toBe(2);
  expect(await unacked()).toBe(1);

  await replica.restart();
  await waitFor('the second event to be acked', async () => (await unacked()) === 0);
  expect(await counted()).toBe(2);
});
