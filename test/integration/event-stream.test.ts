import { connect as connectSocket, type Socket } from 'node:net';

import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { openEventStream, type EventStreamClient } from '../helpers/event-stream-client.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';
import { waitFor } from '../helpers/wait-for.ts';

const TOKENS = { operator: 'acts', viewer: 'looks' };
const LIMITS = { maxStreams: 3, maxBytes: 512 * 1024, heartbeatMs: 100 };
const headers = { authorization: 'Bearer looks' };

let nats: NatsServer;
let redis: RedisServer;
let api: RunningApi;
let web: Service;
let bus: NatsConnection;
const open: EventStreamClient[] = [];

beforeAll(async () => {
  [nats, redis] = await Promise.all([startNats(), startRedis()]);
  bus = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  api = await startApi({
    ...{ redisUrl: redis.url, natsUrl: nats.url, shards: 1 },
    ...{ tokens: TOKENS, eventStreams: LIMITS },
  });
  web = await startService('web', {
    ...{ NATS_URL: nats.url, REDIS_URL: redis.url, API_URL: api.url },
    ...{ LLM_MONITOR_TOKEN: TOKENS.operator, LLM_MONITOR_VIEWER_TOKEN: TOKENS.viewer },
  });
  await waitFor('NATS', async () => (await fetchStatus('')) === 200);
});
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});
afterAll(async () => {
  await web.stop();
  await api.close();
  await bus.close();
  await Promise.all([nats.stop(), redis.stop()]);
});

/** Listens as soon as those that a test before has left are gone. */
function follow(query: string, url = api.url): Promise<EventStreamClient> {
  return waitFor('room', async () => {
    const client = await openEventStream(`${url}/api/events${query}`, { headers });
    open.push(client);
    return client.status === 200 && client;
  });
}
async function fetchStatus(query: string): Promise<number> {
  const client = await openEventStream(`${api.url}/api/events${query}`, { headers });
  client.close();
  return client.status;
}
function say(...events: { subject: string; event: object }[]): Promise<void> {
  for (const { subject, event } of events) bus.publish(subject, JSON.stringify(event));
  return bus.flush();
}

test('events come as they happen: those of the subjects that were asked for, each once, without demo traffic', async () => {
  const failures = await follow('?subject=llm.request.failed.>,llm.request.*.shop.>,llm.request.>');
  const all = await follow('?subject=llm.>&demo=true');
  expect(failures.status).toBe(200);
  expect(failures.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const call = aCall({ app: 'shop', requestId: 'request-1' });
  const demo = aCall({ app: 'shop', requestId: 'demo-call-1', demo: true });
  const command = { subject: 'llm.control.watched', event: call.started().event };
  await say(demo.started(), command, call.started(), call.failed());
  await failures.until('the end', ({ id }) => id === 'request-1:end');
  expect(failures.events.map(({ id, event }) => [id, event])).toEqual([
    ['request-1:start', 'llm.request.started.v1'],
    ['request-1:end', 'llm.request.failed.v1'],
  ]);
  expect(JSON.parse(failures.events[1]?.data ?? '')).toEqual(call.failed().event);
  await all.until('the end', ({ id }) => id === 'request-1:end');
  expect(all.events.map(({ id }) => id)).toEqual([
    ...['demo-call-1:start', 'request-1:start', 'request-1:end'],
  ]);
});

test('who may look may follow, through the web service too, which holds nothing back', async () => {
  expect((await fetch(`${api.url}/api/events`)).status).toBe(401);
  expect((await fetch(`${web.url}/api/events`)).status).toBe(401);
  expect((await fetch(`${web.url}/metrics`)).status).toBe(401);
  expect((await fetch(`${web.url}/metrics`, { headers })).status).toBe(200);
  const client = await follow('?subject=llm.request.started.>', web.url);
  expect(client.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  await say(aCall({ requestId: 'request-2' }).started());
  await client.until('the event', ({ id }) => id === 'request-2:start');
  await waitFor('heartbeats', () => client.comments.filter((text) => text === 'alive').length > 3);
});

test('whoever has the answer hears all that is published from then on, however long the way to NATS is', async () => {
  const way = await startTcpProxy(nats.port);
  onTestFinished(() => way.stop());
  const natsUrl = `nats://127.0.0.1:${way.port}`;
  const far = await startApi({ redisUrl: redis.url, natsUrl, shards: 1, eventStreams: LIMITS });
  onTestFinished(() => far.close());
  const isRoom = async () => {
    const client = await openEventStream(`${far.url}/api/events`);
    client.close();
    return client.status === 200;
  };
  await waitFor('NATS', isRoom);
  way.setDelay(1000);
  // Who goes before the answer leaves no place taken.
  const gone = Array.from({ length: LIMITS.maxStreams }, () =>
    fetch(`${far.url}/api/events`, { signal: AbortSignal.timeout(200) }),
  );
  expect((await Promise.allSettled(gone)).map(({ status }) => status)).not.toContain('fulfilled');
  await waitFor('room', isRoom);
  const client = await openEventStream(`${far.url}/api/events?subject=llm.request.started.>`);
  open.push(client);
  await say(aCall({ requestId: 'request-at-once' }).started());
  await client.until('the event', ({ id }) => id === 'request-at-once:start');
});

test.each([
  ['llm.control.>', /events below "llm\."/],
  ['_INBOX.>', /events below/],
  ['llm.request', /separated by commas/],
])('%s is refused with the way out', async (subject, detail) => {
  const { status, body } = await api.get(`/api/events?subject=${subject}`, { headers });
  expect(status).toBe(400);
  expect((body as { detail: string }).detail).toMatch(detail);
});

test('so many may follow at once, one more is told to wait, and who leaves makes room', async () => {
  const streams = [await follow(''), await follow(''), await follow('')];
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
  const { status, body } = await api.get('/api/events', { headers });
  expect([status, (body as { title: string }).title]).toEqual([503, 'Too many streams']);
  streams[0]?.close();
  await waitFor('room', async () => (await fetchStatus('')) === 200);
});

test('who does not read is cut off with a last word, and the others go on', async () => {
  const reading = await follow('?subject=llm.request.completed.>');
  const { socket, readAll } = await openStalled();
  onTestFinished(() => void socket.destroy());
  const call = aCall({ requestId: 'request-big' });
  const { subject, event } = call.completed({ responsePreview: 'x'.repeat(40_000) });
  const isCut = async () => {
    for (let i = 0; i < 20; i++) {
      const before = reading.events.length;
      await say(...Array.from({ length: 4 }, () => ({ subject, event })));
      await waitFor('them to arrive', () => reading.events.length >= before + 4, { everyMs: 1 });
    }
    // Room for two more besides the one that reads: the stalled one is out.
    const probe = [await follow(''), await openEventStream(`${api.url}/api/events`, { headers })];
    for (const each of probe) each.close();
    return probe.every(({ status }) => status === 200);
  };
  await waitFor('the slow one to be cut off', isCut, { timeoutMs: 30_000 });
  expect(await readAll()).toMatch(/event: cut-off\ndata: \{"reason":"You read too slowly/);
});

/** Asks and then reads nothing, until all of it is wanted. */
async function openStalled(): Promise<{ socket: Socket; readAll(): Promise<string> }> {
  const { hostname, port } = new URL(api.url);
  const socket = connectSocket(Number(port), hostname);
  socket.write(
    `GET /api/events?subject=llm.request.completed.%3E HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer looks\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('readable', resolve));
  socket.pause();
  return {
    socket,
    async readAll() {
      let text = '';
      for await (const part of socket) {
        text += String(part);
        if (text.includes('event: cut-off') && text.endsWith('\r\n\r\n')) break;
      }
      return text;
    },
  };
}

test('an outage of NATS is told and outlived; who comes meanwhile is told to wait', async () => {
  const client = await follow('');
  await nats.kill();
  await client.until('the word of the outage', ({ event }) => event === 'lost');
  const { status, headers: answered, body } = await api.get('/api/events', { headers });
  expect([status, answered.get('retry-after')]).toEqual([503, '5']);
  expect((body as { title: string }).title).toBe('NATS is away');
  await nats.restart();
  await client.until('the word of its end', ({ event }) => event === 'back');
  await waitFor('an event of after it', async () => {
    await say(aCall({ requestId: 'request-after' }).started());
    return client.events.some(({ id }) => id === 'request-after:start');
  });
});

test('an API that ends says so, and ends all the same', async () => {
  const closing = await startApi({ redisUrl: redis.url, natsUrl: nats.url, shards: 1 });
  await waitFor('NATS', async () => {
    const client = await openEventStream(`${closing.url}/api/events`);
    if (client.status === 200) open.push(client);
    return client.status === 200;
  });
  await closing.close();
  const client = open.at(-1);
  await client?.ended;
  expect(client?.events.at(-1)?.event).toBe('closing');
});
