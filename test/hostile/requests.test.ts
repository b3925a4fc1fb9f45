import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { askHttp } from '../helpers/http-ask.ts';
import { connectRaw, exchangeRaw, parseAnswer, rawRequest } from '../helpers/raw-client.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';

let nats: NatsServer;
let redis: RedisServer;
let api: Service;
let web: Service;
let ollama: RunningFakeOllama;
let proxy: RunningProxy;

beforeAll(async () => {
  [nats, redis, ollama] = await Promise.all([startNats(), startRedis(), startFakeOllama()]);
  const env = { NATS_URL: nats.url, REDIS_URL: redis.url, RATE_LIMIT: '0' };
  api = await startService('api', env, { until: 'ready' });
  web = await startService('web', { ...env, API_URL: api.url }, { until: 'ready' });
  proxy = await startProxy(ollama.url);
});
afterAll(async () => {
  await Promise.all([web.stop(), api.stop(), proxy.agent.stop()]);
  await Promise.all([nats.stop(), redis.stop(), ollama.close()]);
});

const DOORS = ['web', 'api', 'proxy'] as const;
const urlOf = (door: (typeof DOORS)[number]) => ({ web, api, proxy })[door].url;
const PATH = '/api/requests/x/cancel';
const SECOND = 'GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** Requests that two servers in a row may cut at different places. */
const SMUGGLED: [string, string][] = [
  [
    'a length and chunks',
    `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`,
  ],
  [
    'chunks and a length',
    `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${SECOND}`,
  ],
  ['two lengths', `Content-Length: 0\r\nContent-Length: ${SECOND.length}\r\n\r\n${SECOND}`],
  ['a list of lengths', `Content-Length: 0, ${SECOND.length}\r\n\r\n${SECOND}`],
  ['a length with a sign', `Content-Length: +0\r\n\r\n${SECOND}`],
  [
    'a coding with a space before its colon',
    `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${SECOND}`,
  ],
  [
    'a folded header',
    `X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n${SECOND}`,
  ],
  [
    'chunks that are not the last coding',
    `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SECOND}`,
  ],
  ['a coding hidden by a control sign', `Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n${SECOND}`],
  ['bare line feeds', `X-A: b\nContent-Length: 0\r\n\r\n${SECOND}`],
  [
    'a bare carriage return in a value',
    `X-A: b\rContent-Length: ${SECOND.length}\r\n\r\n${SECOND}`,
  ],
  ['a null in a value', `X-A: b\0c\r\n\r\n${SECOND}`],
  ['a second host', 'Host: evil.example\r\nConnection: close\r\n\r\n'],
];

describe.each(DOORS)('the %s', (door) => {
  test.each(SMUGGLED)('refuses %s, and answers no second request in it', async (_what, rest) => {
    const before = ollama.requests.length;
    const client = await connectRaw(urlOf(door));
    client.write(Buffer.from(`POST ${PATH} HTTP/1.1\r\nHost: localhost\r\n${rest}`, 'latin1'));
    await client.until('HTTP/1.1 ');
    await client.ended;
    const answers = client.text().match(/HTTP\/1\.1 \d+/g);
    expect(answers).toEqual([expect.stringMatching(/ 4\d\d$/)]);
    expect(ollama.requests.length).toBe(before);
  });

  test('refuses a whole address in the place of a path, and a host that is not its own', async () => {
    for (const target of ['http://evil.example/', 'http://169.254.169.254/latest/meta-data']) {
      const absolute = parseAnswer(await exchangeRaw(urlOf(door), rawRequest(`GET ${target}`)));
      expect(absolute.status).toMatch(/ 4\d\d /);
    }
    const { status } = await askHttp(`${urlOf(door)}/api/status`, {
      headers: { host: 'evil.example' },
    });
    expect([403, 421]).toContain(status);
  });
});

describe.each(['web', 'api'] as const)('paths of the %s', (door) => {
  test.each(
    [
      ...['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/..%5cpackage.json'],
      ...['/assets/..%2f..%2fpackage.json', '/assets/%2e%2e%2f%2e%2e/package.json'],
      ...['/docs/static/..%2f..%2f..%2fpackage.json', '/docs/static/../../../../package.json'],
      ...['/%00', '/index.html%00.png', '/assets/%00', '/api/%00', '/%', '/%zz', '/%c0%ae%c0%ae/x'],
      ...['//evil.example/', '/\\evil.example', '/api//../../etc/passwd', '/api/..%2f..%2fhealth'],
      ...[
        '/.env',
        '/.git/config',
        '/package.json',
        `/${'a'.repeat(9000)}`,
        `/${'%2e%2e/'.repeat(500)}`,
      ],
    ].map((path) => [path.slice(0, 60), path] as const),
  )('%s gives no file, no redirect away and no fault', async (_shown, path) => {
    const answered = parseAnswer(await exchangeRaw(urlOf(door), rawRequest(`GET ${path}`)));
    const body = answered.body.toString();
    expect(answered.status).not.toMatch(/ 5\d\d /);
    expect(body).not.toMatch(/"private": true|"dependencies"|root:|\[core\]/);
    expect(answered.headers.filter((line) => /^location: *(https?:)?\/\//i.test(line))).toEqual([]);
  });
});

describe.each(['web', 'api'] as const)('bodies sent to the %s', (door) => {
  const post = (body: string, type = 'application/json') =>
    askHttp(urlOf(door) + PATH, { method: 'POST', headers: { 'content-type': type }, body });

  test.each([
    ['deep lists', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['deep objects', '{"by":'.repeat(9000) + '1' + '}'.repeat(9000)],
    ['lists that never end', '['.repeat(60_000)],
    ['a prototype', '{"__proto__":{"isAdmin":true}}'],
    ['a prototype by another spelling', String.raw`{"\u005f_proto__":{"isAdmin":true}}`],
    ['a constructor', '{"constructor":{"prototype":{"isAdmin":true}}}'],
    ['a prototype further in', '{"by":{"__proto__":{"isAdmin":true}}}'],
    ['what is no JSON', '{"by":'],
    ['numbers that are none', '{"by":NaN}'],
    ['a list', '[1,2,3]'],
    ['a long text', JSON.stringify({ by: 'x'.repeat(60_000) })],
  ])('%s are refused with what is wrong', async (_what, body) => {
    const { status, headers, body: said } = await post(body);
    expect(status).toBe(400);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(said.length).toBeLessThan(2000);
    expect(said).not.toMatch(/node_modules|\.js:\d/);
  });

  test('more than 64 KiB is refused, by its length and by its coming', async () => {
    expect((await post(' '.repeat(70_000))).status).toBe(413);
    const client = await connectRaw(urlOf(door));
    client.write(
      `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    for (let i = 0; i < 20; i++) client.write(`2000\r\n${' '.repeat(0x2000)}\r\n`);
    // Who writes on after the refusal may be cut off before reading it.
    const end = await client.ended;
    expect(end === 'reset' ? '' : client.text()).toMatch(/^$|^HTTP\/1\.1 (411|413) /);
    expect(client.text()).not.toMatch(/HTTP\/1\.1 [23]\d\d/);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'what a foreign form can send, %s, is refused',
    async (type) => expect((await post('{"by":"evil"}', type)).status).toBe(415),
  );

  test('headers without end are refused', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `X-${i}: ${i}`);
    const answered = await exchangeRaw(urlOf(door), rawRequest('GET /api/status', many));
    expect(answered.toString('latin1')).toMatch(/^HTTP\/1\.1 431 /);
  });
});

test('after all of it every door answers as ever', async () => {
  expect((await askHttp(`${api.url}/api/status`)).status).toBe(200);
  expect((await askHttp(`${web.url}/api/status`)).status).toBe(200);
  expect((await askHttp(`${proxy.url}/api/tags`)).status).toBe(200);
});
