import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';

import { createKeys } from '@llm-monitor/contracts/redis';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
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

const ACK_WAIT_MS = 500;
let nats: NatsServer;
let server: RedisServer;
let collector: Service;
let connection: NatsConnection;
let redis: Redis;

beforeAll(async () => {
  [nats, server] = await Promise.all([startNats(), startRedis()]);
  redis = new Redis(server.url);
  connection = await connect({ servers: nats.url });
  collector = await startService('collector', {
    ...{ NATS_URL: nats.url, REDIS_URL: server.url, ACK_WAIT_MS: String(ACK_WAIT_MS) },
    BATCH_MAX: '2000',
  });
});
afterAll(async () => {
  await collector.stop();
  await connection.close();
  redis.disconnect();
  await Promise.all([nats.stop(), server.stop()]);
});

/** Waits until nothing waits any more, and looks whether the collector still works. */
async function settle(): Promise<{ started: number; letters: number }> {
  const manager = await jetstreamManager(connection);
  await waitFor('all messages to be done with', async () => {
    const info = await manager.consumers.info('LLM_REQUESTS', 'collector');
    return info.num_pending + info.num_ack_pending === 0;
  });
  expect((await fetch(`${collector.url}/ready`)).status).toBe(200);
  const { state } = await manager.streams.info('LLM_DEAD_LETTERS');
  return { started: (await readStore(redis)).totals.started, letters: state.messages };
}

/** JSON as a program may write it, with escapes that JSON.stringify would not make. */
async function publishText(subject: string, json: string): Promise<void> {
  connection.publish(subject, json);
  await connection.flush();
}

test('events that fit the schema and nothing else neither stop a collector nor touch the counts of others', async () => {
  const before = await settle();
  const good = aCall();
  const odd = [
    aCall().started({ ...({ outcome: 'completed' } as object) }),
    aCall().started({ parameters: { ...({ deep: 'NESTED' } as object) } }),
    aCall({ model: '__proto__' }).started(),
    aCall().started({ host: 'constructor', tags: ['{s1}:x'] }),
  ];
  const nested = '['.repeat(5000) + ']'.repeat(5000);
  for (const { subject, event } of odd) {
    await publishText(subject, JSON.stringify(event).replace('"NESTED"', nested));
  }
  const half = aCall().started({ promptPreview: 'SURROGATE', host: 'SURROGATE' });
  await publishText(half.subject, JSON.stringify(half.event).replaceAll('SURROGATE', '\\ud83d'));
  await publish(connection, [good.started(), good.completed()]);
  const after = await settle();
  expect(after.started - before.started).toBe(odd.length + 2);
  expect(after.letters).toBe(before.letters);
});

test('figures beyond anything real are refused, and the sums stay', async () => {
  const before = await settle();
  const call = aCall();
  const wrong = [
    aCall().completed({ ttftMs: 1e300 }),
    aCall().completed({ durationMs: 77_777 }),
    aCall().completed({ usage: { inputTokens: 9e18, source: 'server' } }),
    aCall().completed({ ollama: { evalDurationNs: 1e308 } }),
  ];
  for (const { subject, event } of wrong) {
    await publishText(subject, JSON.stringify(event).replace('77777', '1e17'));
  }
  await publish(connection, [call.started(), call.completed()]);
  const after = await settle();
  expect(after.started - before.started).toBe(1);
  expect(after.letters - before.letters).toBe(wrong.length);
});

test('a dead-lettered message does not come back', async () => {
  const before = await settle();
  await publishText('llm.request.started.a.b', 'no json');
  await settle();
  // More than an ack window later it would have been delivered again.
  const began = performance.now();
  await waitFor('some ack windows', () => performance.now() - began > 4 * ACK_WAIT_MS);
  expect((await settle()).letters).toBe(before.letters + 1);
  const manager = await jetstreamManager(connection);
  const info = await manager.consumers.info('LLM_REQUESTS', 'collector');
  expect(info.num_redelivered).toBe(0);
});

test('headers that no library would write are ignored', async () => {
  const before = await settle();
  const call = aCall();
  const { subject, event } = call.started();
  const headers = 'NATS/1.0\r\nbad header name: x\r\n\r\n';
  const body = JSON.stringify(event);
  const socket = connectSocket(nats.port, '127.0.0.1');
  await once(socket, 'data');
  socket.write('CONNECT {"verbose":false,"headers":true}\r\n');
  const sizes = `${headers.length} ${headers.length + body.length}`;
  socket.write(`HPUB ${subject} ${sizes}\r\n${headers}${body}\r\nPING\r\n`);
  await once(socket, 'data');
  await waitFor('the call', async () => (await settle()).started === before.started + 1);
  socket.destroy();
});

test('a batch of a thousand models is one batch', async () => {
  const before = await settle();
  const calls = Array.from({ length: 1000 }, (_, i) => aCall({ model: `model-${i}` }));
  for (const call of calls) {
    for (const { subject, event } of [call.started(), call.completed()]) {
      connection.publish(subject, JSON.stringify(event));
    }
  }
  await connection.flush();
  await waitFor('all calls', async () => (await settle()).started === before.started + 1000);
  const keys = createKeys({ shards: 1 });
  const [minute] = await redis.keys(`${keys.shard(0).prefix}rolls:m*`);
  expect(await redis.scard(String(minute))).toBeLessThanOrEqual(1001);
});

test('a message that bears the id of another app’s event keeps that out for two seconds at most', async () => {
  const before = await settle();
  const call = aCall({ app: 'victim' });
  const { event } = call.started();
  const stream = jetstream(connection);
  await stream.publish('llm.request.started.forger.model', 'taken', { msgID: event.id });
  const began = performance.now();
  await waitFor('the event to be stored', async () => {
    const [ack] = await publish(connection, [call.started()]);
    return ack?.duplicate !== true;
  });
  expect(performance.now() - began).toBeLessThan(10_000);
  await waitFor('the call', async () => (await settle()).started === before.started + 1);
});
