import { afterAll, beforeAll, expect, test } from 'vitest';

import { startLiveClient } from '../helpers/live-client.ts';
import { exchangeRaw, parseAnswer, rawRequest } from '../helpers/raw-client.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';

const UPGRADE = [
  ...['Connection: Upgrade', 'Upgrade: websocket'],
  ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='],
];

let nats: NatsServer;
let redis: RedisServer;
let guarded: Service;
let small: Service;
beforeAll(async () => {
  [nats, redis] = await Promise.all([startNats(), startRedis()]);
  const env = { NATS_URL: nats.url, REDIS_URL: redis.url, API_URL: 'http://127.0.0.1:9' };
  [guarded, small] = await Promise.all([
    startService('web', { ...env, LLM_MONITOR_TOKEN: 'a-secret' }),
    startService('web', { ...env, MAX_SOCKETS: '1', RATE_LIMIT: '5' }),
  ]);
});
afterAll(async () => {
  await Promise.all([guarded.stop(), small.stop()]);
  await Promise.all([nats.stop(), redis.stop()]);
});

async function open(
  { url, port }: Service,
  {
    headers = [],
    host,
    transport = 'websocket',
  }: { headers?: string[]; host?: string; transport?: string },
): Promise<{ status: number; title?: string | undefined }> {
  const offer = transport === 'websocket' ? UPGRADE : [];
  const path = `/socket.io/?EIO=4&transport=${transport}`;
  const request = rawRequest(`GET ${path}`, [...offer, ...headers]).toString('latin1');
  const asked = request.replace('Host: 127.0.0.1', `Host: ${host ?? `localhost:${port}`}`);
  const { status, body } = parseAnswer(await exchangeRaw(url, asked));
  const text = body.toString();
  const title = text.startsWith('{') ? (JSON.parse(text) as { title?: string }).title : undefined;
  return { status: Number(status.split(' ')[1]), title };
}

test.each(['websocket', 'polling'])(
  'who may not come in by %s is told so as by any other request: 403 for a foreign place, 401 without a login',
  async (transport) => {
    const bearer = 'Authorization: Bearer a-secret';
    const evil = { host: 'evil.example', headers: [bearer], transport };
    expect(await open(guarded, evil)).toEqual({ status: 403, title: 'Unknown host' });
    const page = { headers: [bearer, 'Origin: http://evil.example'], transport };
    expect(await open(guarded, page)).toEqual({ status: 403, title: 'Foreign page' });
    expect(await open(guarded, { transport })).toEqual({ status: 401, title: 'Token needed' });
    const wrong = { headers: ['Authorization: Bearer wrong'], transport };
    expect(await open(guarded, wrong)).toEqual({ status: 401, title: 'Wrong token' });
    const old = { headers: ['Cookie: llm-monitor=made-up'], transport };
    expect((await open(guarded, old)).status).toBe(401);
  },
);

test('one dashboard too many is told that it is full, and who asks too often to wait', async () => {
  const client = await startLiveClient(small.url);
  expect(await open(small, {})).toEqual({ status: 503, title: 'Too many dashboards' });
  client.close();
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => open(small, { transport: 'polling' })),
  );
  expect(answers).toContainEqual({ status: 429, title: 'Too many requests' });
});
