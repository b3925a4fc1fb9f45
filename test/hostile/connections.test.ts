import { connect as connectTcp } from 'node:net';

import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { askHttp, logIn } from '../helpers/http-ask.ts';
import { connectRaw, type RawClient } from '../helpers/raw-client.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

let nats: NatsServer;
let redis: RedisServer;
let api: Service;
let web: Service;
let guarded: Service;

beforeAll(async () => {
  [nats, redis] = await Promise.all([startNats(), startRedis()]);
  const env = { NATS_URL: nats.url, REDIS_URL: redis.url };
  const tokens = { LLM_MONITOR_TOKEN: 'the-operator', LLM_MONITOR_VIEWER_TOKEN: 'the-viewer' };
  api = await startService('api', { ...env, ...tokens }, { until: 'ready' });
  const webEnv = { ...env, API_URL: api.url, TRUST_PROXY: 'loopback' };
  web = await startService(
    'web',
    { ...webEnv, MAX_SOCKETS_PER_ADDRESS: '100' },
    { until: 'ready' },
  );
  guarded = await startService(
    'web',
    { ...webEnv, ...tokens, RATE_LIMIT: '5' },
    { until: 'ready' },
  );
});
afterAll(async () => {
  await Promise.all([web.stop(), guarded.stop(), api.stop()]);
  await Promise.all([nats.stop(), redis.stop()]);
});

const OPTIONS = { transports: ['websocket'], reconnection: false, forceNew: true };

/** Opens a live connection; it is closed with the test. */
function open(url: string, headers: Record<string, string> = {}): Socket {
  const socket = io(url, { ...OPTIONS, extraHeaders: headers });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

function isLetIn(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('connect_error', () => resolve(false));
  });
}

const answers = async (url: string) => (await askHttp(`${url}/health`)).status === 200;

test('who sends a byte now and then to hold connections loses them, and others are served meanwhile', async () => {
  const doors = [web.url, api.url];
  const slow: RawClient[] = [];
  for (let i = 0; i < 100; i++) slow.push(await connectRaw(doors[i % 2]!));
  const silent = await Promise.all(doors.map((door) => connectRaw(door)));
  for (const client of slow) client.write('GET /api/status HTTP/1.1\r\nHost: localhost\r\nX-A: ');
  const dripping = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write('a');
  }, 500);
  onTestFinished(() => {
    clearInterval(dripping);
    for (const { socket } of [...slow, ...silent]) socket.destroy();
  });
  for (const door of doors) expect(await answers(door)).toBe(true);
  const all = Promise.all([...slow, ...silent].map(({ ended }) => ended));
  // The design's bound is ten seconds for the headers, looked at every two.
  const late = new Promise((resolve) => setTimeout(resolve, 30_000, 'late').unref());
  expect(await Promise.race([all.then(() => 'ended'), late])).toBe('ended');
  for (const door of doors) expect(await answers(door)).toBe(true);
});

test('500 live connections at once: as many as one address may have are let in, and the others told no', async () => {
  const address = { 'x-forwarded-for': '203.0.113.50' };
  const sockets = Array.from({ length: 500 }, () => open(web.url, address));
  const came = await Promise.all(sockets.map(isLetIn));
  await waitFor(
    'the surplus to go',
    () => sockets.filter(({ connected }) => connected).length <= 100,
  );
  expect(came.filter(Boolean).length).toBeGreaterThanOrEqual(100);
  expect(sockets.filter(({ connected }) => connected)).toHaveLength(100);
  expect(await isLetIn(open(web.url, { 'x-forwarded-for': '203.0.113.51' }))).toBe(true);
  expect(await answers(web.url)).toBe(true);
});

test('2,000 connections that say nothing keep nobody from being answered', async () => {
  const { port } = new URL(web.url);
  const sockets = Array.from({ length: 2000 }, () => connectTcp(Number(port), '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => undefined);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await waitFor('most of them', () => sockets.filter(({ pending }) => !pending).length > 1500);
  expect(await answers(web.url)).toBe(true);
});

test.each([
  ['a foreign page', () => ({ origin: 'http://evil.example' })],
  ['a page without a name', () => ({ origin: 'null' })],
  ['a page of another port', () => ({ origin: 'http://localhost:1' })],
  ['a page that the browser calls foreign', () => ({ 'sec-fetch-site': 'cross-site' })],
  ['a name that is not ours', () => ({ host: 'evil.example' })],
  [
    'a name that is not ours, for its own page',
    () => ({ host: 'evil.example', origin: 'http://evil.example' }),
  ],
])('a live connection of %s is refused', async (_what, headers) => {
  expect(await isLetIn(open(web.url, headers()))).toBe(false);
});

test.each([
  ['nothing', {}],
  ['a wrong token', { authorization: 'Bearer wrong' }],
  ['an empty token', { authorization: 'Bearer ' }],
  ['a session that never was', { cookie: `llm-monitor-session=${'a'.repeat(43)}` }],
])('with %s no live connection is opened where a token is set', async (_what, headers) => {
  expect(await isLetIn(open(guarded.url, headers))).toBe(false);
});

test('a message of more than 16 KiB ends its connection, and no other', async () => {
  const [greedy, modest] = [open(web.url), open(web.url)];
  expect(await Promise.all([greedy, modest].map(isLetIn))).toEqual([true, true]);
  greedy.emit('watch', { demo: 'x'.repeat(20_000) });
  await waitFor('its end', () => !greedy.connected);
  expect(modest.connected).toBe(true);
});

test.each([
  ['deep lists', '['.repeat(7000) + ']'.repeat(7000)],
  ['deep objects', '{"a":'.repeat(2500) + '1' + '}'.repeat(2500)],
  ['a prototype', '{"__proto__":{"demo":true},"constructor":{"prototype":1}}'],
  ['numbers that are none', '{"epoch":1,"pos":"NaN","demo":1e999}'],
  ['nothing', 'null'],
])('messages of %s do no harm', async (_what, message) => {
  const socket = open(web.url);
  expect(await isLetIn(socket)).toBe(true);
  // By hand: a client would not write some of these.
  for (const event of ['watch', 'resume', 'unheard-of', 'disconnect', '__proto__']) {
    socket.io.engine.write(`2${JSON.stringify([event]).slice(0, -1)},${message}]`);
  }
  expect(await answers(web.url)).toBe(true);
  expect(await isLetIn(open(web.url))).toBe(true);
});

test.each([
  '4',
  '2[',
  '2["watch"',
  '51-["watch",{"_placeholder":true,"num":0}]',
  '9',
  '0{"a":',
  '2{}',
])('what is no message, %j, ends its own connection at most', async (text) => {
  const socket = open(web.url);
  expect(await isLetIn(socket)).toBe(true);
  socket.io.engine.write(text);
  expect(await isLetIn(open(web.url))).toBe(true);
  expect(await answers(web.url)).toBe(true);
});

test('many guesses at once are judged no more than a few times', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.99' };
  const all = await Promise.all(
    Array.from({ length: 60 }, (_, i) => logIn(guarded.url, `guess-${i}`, { headers })),
  );
  const judged = all.filter(({ status }) => status === 401);
  expect(judged.length).toBeGreaterThan(0);
  expect(judged.length).toBeLessThanOrEqual(5);
  for (const { status, headers: said } of all.filter((one) => !judged.includes(one))) {
    expect(status).toBe(429);
    expect(Number(said['retry-after'])).toBeGreaterThan(0);
  }
});

test('who asks without end is told to wait, by web and API, and others are not', async () => {
  const flood = async (headers: Record<string, string>) => {
    const answered = await Promise.all(
      Array.from({ length: 200 }, () => askHttp(`${guarded.url}/api/status`, { headers })),
    );
    return answered.map(({ status }) => status);
  };
  const wrong = { authorization: 'Bearer wrong', 'x-forwarded-for': '203.0.113.60' };
  const statuses = await flood(wrong);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  // Another wrong token is no way around it; a right one, and another address, are not held up.
  const again = { ...wrong, authorization: 'Bearer another' };
  const right = { ...wrong, authorization: 'Bearer the-viewer' };
  const other = { ...right, 'x-forwarded-for': '203.0.113.61' };
  const statusOf = async (headers: Record<string, string>) =>
    (await askHttp(`${guarded.url}/api/status`, { headers })).status;
  expect(await flood(again)).toContain(429);
  expect([await statusOf(right), await statusOf(other)]).toEqual([200, 200]);
});
