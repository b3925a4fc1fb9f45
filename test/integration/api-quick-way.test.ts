// What is answered without Fastify is answered as by Fastify, byte for byte; and only what Fastify would answer, too.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { aRequest, startBothWays, type BothWays } from '../helpers/both-ways.ts';
import { askHttp } from '../helpers/http-ask.ts';
import { createSeeder } from '../helpers/seed-store.ts';
import type { RunningApi } from '../helpers/start-api.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { aCertificate } from '../helpers/start-reverse-proxy.ts';
import { waitFor } from '../helpers/wait-for.ts';

let redis: RedisServer;
let open: BothWays;

beforeAll(async () => {
  redis = await startRedis();
  open = await startBothWays({ redisUrl: redis.url });
  const startedAtMs = Date.parse('2026-05-01T09:59:00Z');
  await createSeeder(open.quick.redis, open.quick.keys).ended(
    { id: 'request-1', startedAtMs },
    { id: 'request-2', startedAtMs, demo: true },
  );
  open.clock.elapsedMs += 1000;
  await open.send(aRequest());
});
afterAll(async () => {
  await open.close();
  await redis.stop();
});

type Parts = Omit<Parameters<typeof startBothWays>[0], 'redisUrl'>;

/** With other settings, for one test. */
async function startBoth(parts: Parts): Promise<BothWays> {
  const both = await startBothWays({ redisUrl: redis.url, ...parts });
  onTestFinished(() => both.close());
  return both;
}

/** Of answers, one behind the other; a body does not end with a line. */
const statusesIn = (text: string) => text.match(/(?<=HTTP\/1\.1 )\d{3}/g);

/** The same answer, once past Fastify. */
async function expectQuick(both: BothWays, bytes: string): Promise<void> {
  const { quick, slow } = await both.send(bytes);
  expect(quick.text).toBe(slow.text);
  expect(statusesIn(quick.text)).toEqual(['200']);
  expect([quick.handled, slow.handled], 'whom Fastify answered').toEqual([0, 1]);
}

/** The same answer, by Fastify both times. */
async function expectFastify(both: BothWays, bytes: string): Promise<string[]> {
  const { quick, slow } = await both.send(bytes);
  expect(quick.text).toBe(slow.text);
  expect(quick.handled, 'whom Fastify answered').toBe(slow.handled);
  const statuses = statusesIn(quick.text) ?? [];
  // It is Fastify or Node that said so, never the quick way.
  expect(statuses.filter((status) => status === '200')).toHaveLength(quick.handled);
  return statuses;
}

const NAMED = 'Host: 127.0.0.1';
const raw = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;

describe('a plain question takes the quick way', () => {
  test.each([
    [],
    ['Accept-Encoding: gzip, br'],
    ['If-None-Match: "x"', 'If-Modified-Since: Fri, 01 May 2026 10:00:00 GMT'],
    ['Range: bytes=0-1'],
    ['Accept: text/html', 'Accept-Charset: utf-16', 'Accept-Language: it'],
    ['Cache-Control: no-cache', 'Pragma: no-cache'],
    ['Origin: http://evil.example', 'Sec-Fetch-Site: cross-site'],
    ['Origin: null', 'Referer: http://evil.example/'],
    ['Cookie: llm-monitor-session=aaaa; llm-monitor-csrf=x.y'],
    ['Authorization: Bearer whatever'],
    ['Authorization: Basic bWU6eA==', 'Authorization: Bearer second'],
    ['Content-Type: application/json'],
    ['X-HTTP-Method-Override: DELETE', 'X-Original-URL: /api/hosts', 'X-Rewrite-URL: /api/hosts'],
    ['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https', 'X-Forwarded-Prefix: /p'],
    ['HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA', 'TE: trailers'],
    ['__proto__: x', 'constructor: y', 'X-A: è\u0080'],
  ])('%s %s', (...headers) => expectQuick(open, aRequest(headers.filter(Boolean))));

  test.each(['localhost', '127.0.0.1:8081', 'LOCALHOST:1', '[::1]', '[::1]:8080', 'api'])(
    'by the name %s',
    (host) =>
      expectQuick(open, raw('GET /api/status HTTP/1.1', `hOST: ${host}`, 'Connection: close')),
  );

  test('on a connection that is kept, and several of them in a row without waiting', async () => {
    const one = (...more: string[]) => raw('GET /api/status HTTP/1.1', NAMED, ...more);
    const slowFirst = raw('GET /api/stats?range=1h HTTP/1.1', NAMED);
    const bytes = [one(), slowFirst, one('Connection: keep-alive'), one('Connection: Close')];
    const { quick, slow } = await open.send(bytes.join(''));
    expect(quick.text).toBe(slow.text);
    expect(statusesIn(quick.text)).toEqual(['200', '200', '200', '200']);
    expect(quick.text.match(/^Keep-Alive: .*$/gm)).toHaveLength(3);
    expect([quick.handled, slow.handled]).toEqual([1, 4]);
  });

  test('with more space in its first line than it needs', () =>
    expectQuick(open, aRequest([], 'GET  /api/status ')));

  test('over TLS', async () => {
    const { cert, key, remove } = await aCertificate('localhost');
    onTestFinished(remove);
    const both = await startBoth({ tls: { cert, key, minVersion: 'TLSv1.2' } });
    await expectQuick(both, aRequest());
    expect(await expectFastify(both, aRequest(['X-Forwarded-For: 1.2.3.4']))).toEqual(['200']);
    const evil = raw('GET /api/status HTTP/1.1', 'Host: evil.example', 'Connection: close');
    expect(await expectFastify(both, evil)).toEqual(['421']);
  });

  test('until the answer is no longer fresh; then Fastify reads another one', async () => {
    const both = await startBoth({});
    both.clock.elapsedMs = 249;
    await expectQuick(both, aRequest());
    both.clock.elapsedMs = 250;
    expect(await expectFastify(both, aRequest())).toEqual(['200']);
    await expectQuick(both, aRequest());
  });
});

describe('anything else is Fastify’s', () => {
  test.each(['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])(
    'the method %s',
    async (method) => {
      const statuses = await expectFastify(open, aRequest([], `${method} /api/status`));
      expect(statuses).toEqual([expect.stringMatching(method === 'HEAD' ? '200' : /^4/)]);
    },
  );

  test.each([
    ['get /api/status', '400'],
    ['GET /api/status?', '200'],
    ['GET /api/status?range=1h', '200'],
    ['GET /api/status?demo=true', '200'],
    ['GET /api/status?demo=', '200'],
    ['GET /api/status?x=1', '400'],
    ['GET /api/status/', '404'],
    ['GET /api/status;x', '404'],
    ['GET /api/status#x', '400'],
    ['GET /api/%73tatus', '200'],
    ['GET /api/statu%73?demo=only', '200'],
    ['GET /API/status', '404'],
    ['GET /api//status', '404'],
    ['GET //api/status', '404'],
    ['GET /x/../api/status', '404'],
    ['GET /./api/status', '404'],
    ['GET \\api\\status', '400'],
    ['GET /api/status%00', '404'],
    ['GET /api/status%20', '404'],
    ['GET http://127.0.0.1/api/status', '400'],
    ['GET http://evil.example/api/status', '400'],
    ['GET *', '400'],
    ['CONNECT /api/status', undefined],
  ])('%s', async (start, status) => {
    expect(await expectFastify(open, aRequest([], start))).toEqual(status ? [status] : []);
  });

  test.each([
    ['no host', [], '400'],
    ['an empty host', ['Host:'], '421'],
    ['a host that is not ours', ['Host: evil.example'], '421'],
    ['one that begins like ours', ['Host: 127.0.0.1.evil.example'], '421'],
    ['one that ends like ours', ['Host: evil.localhost'], '421'],
    ['one with somebody before it', ['Host: evil@127.0.0.1'], '421'],
    ['two in one', ['Host: 127.0.0.1, evil.example'], '421'],
    ['two', [NAMED, 'Host: evil.example'], '400'],
    ['two, the other way round', ['HOST: evil.example', NAMED], '400'],
    ['the same twice', [NAMED, 'hoSt: 127.0.0.1'], '400'],
  ])('%s', async (_what, hosts, status) => {
    // Ours first, so that it is remembered as let in.
    await expectQuick(open, aRequest());
    const bytes = raw('GET /api/status HTTP/1.1', ...hosts, 'Connection: close');
    expect(await expectFastify(open, bytes)).toEqual([status]);
  });

  test.each([
    ['a body', aRequest(['Content-Length: 3']) + 'abc', ['200']],
    ['an empty body', aRequest(['Content-Length: 0']), ['200']],
    [
      'a body in chunks',
      `${aRequest(['Transfer-Encoding: chunked'])}3\r\nabc\r\n0\r\n\r\n`,
      ['200'],
    ],
    ['a body that says two lengths', aRequest(['Content-Length: 0', 'Content-Length: 9']), ['400']],
    [
      'a length and chunks',
      `${aRequest(['Content-Length: 4', 'Transfer-Encoding: chunked'])}0\r\n\r\n`,
      ['400'],
    ],
    ['what waits for a word', aRequest(['Expect: 100-continue']), ['100', '200']],
    ['what waits for something else', aRequest(['Expect: the-unexpected']), ['417']],
    [
      'an offer of websockets',
      aRequest(['Upgrade: websocket', 'Sec-WebSocket-Version: 13']),
      ['200'],
    ],
    [
      'an offer of HTTP/2',
      raw('GET /api/status HTTP/1.1', NAMED, 'Connection: Upgrade, close', 'Upgrade: h2c'),
      ['200'],
    ],
    ['another version of a route', aRequest(['Accept-Version: 2.x']), ['200']],
    ['somebody who asks for another', aRequest(['X-Forwarded-For: 203.0.113.9']), ['200']],
    ['the same by the standard', aRequest(['Forwarded: for=203.0.113.9']), ['200']],
    ['a folded header', aRequest(['X-A: b', ' c']), ['400']],
    ['a header that is none', aRequest(['no colon']), ['400']],
    ['a name with a space behind it', aRequest(['Content-Length : 3']), ['400']],
    ['too long headers', aRequest([`X-A: ${'a'.repeat(20_000)}`]), ['431']],
    ['HTTP/1.0', raw('GET /api/status HTTP/1.0', NAMED), ['200']],
    ['HTTP/1.0 without a host', raw('GET /api/status HTTP/1.0'), ['421']],
    ['HTTP/1.0 of two hosts', raw('GET /api/status HTTP/1.0', NAMED, 'Host: x'), ['400']],
    ['no version at all', 'GET /api/status\r\n\r\n', ['421']],
    [
      'a version that is none',
      raw('GET /api/status HTTP/1.2', NAMED, 'Connection: close'),
      ['400'],
    ],
    ['the beginning of HTTP/2', raw('PRI * HTTP/2.0', '', 'SM'), ['400']],
  ])('%s', async (_what, bytes, statuses) => {
    expect(await expectFastify(open, bytes)).toEqual(statuses);
  });

  test('what follows a plain question on its connection', async () => {
    const one = (start: string, ...more: string[]) => raw(`${start} HTTP/1.1`, ...more);
    const { quick, slow } = await open.send(
      [
        one('GET /api/status', NAMED),
        one('GET /api/status', 'Host: evil.example'),
        one('GET /api/status', NAMED, 'Content-Length: 40'),
        'GET /api/status HTTP/1.1\r\nHost: evil\r\n\r\n',
        one('HEAD /api/status', NAMED),
        one('DELETE /api/status', NAMED),
        one('GET /api/status', NAMED, 'Connection: close'),
      ].join(''),
    );
    expect(quick.text).toBe(slow.text);
    expect(statusesIn(quick.text)).toEqual(['200', '421', '200', '200', '405', '200']);
    expect([quick.handled, slow.handled]).toEqual([2, 4]);
  });
});

describe('who may ask', () => {
  const tokens = { operator: 'the-operator', viewer: 'the-viewer' };
  const of = (...lines: string[]) => aRequest(lines.map((line) => `Authorization: ${line}`));
  const LET_IN = [
    ...['Bearer the-viewer', 'Bearer the-operator', 'bearer the-viewer', 'BEARER the-operator'],
    `Basic ${Buffer.from('me:the-viewer').toString('base64')}`,
  ];
  const REFUSED = [
    ...['Bearer the-vieweR', 'Bearer the-viewer1', 'Bearer', 'Bearer ', 'the-viewer', ''],
    ...[
      'Bearer  the-viewer',
      'Bearer\tthe-viewer',
      'Digest the-viewer',
      'Basic !',
      'Token the-viewer',
    ],
  ];

  test('where there are tokens', async () => {
    const both = await startBoth({ tokens });
    await expectQuick(both, of('Bearer the-operator'));
    for (const one of LET_IN) await expectQuick(both, of(one));
    for (const one of REFUSED) expect(await expectFastify(both, of(one)), one).toEqual(['401']);
    await expectQuick(both, of('Bearer the-viewer', 'Bearer wrong'));
    expect(await expectFastify(both, of('Bearer wrong', 'Bearer the-viewer'))).toEqual(['401']);
    for (const more of [
      'X-Authorization: Bearer the-viewer',
      'Cookie: llm-monitor-session=the-viewer',
    ]) {
      expect(await expectFastify(both, aRequest([more]))).toEqual(['401']);
    }
    expect(await expectFastify(both, aRequest([], 'GET /api/status?token=the-viewer'))).toEqual([
      '401',
    ]);
    expect(await expectFastify(both, aRequest())).toEqual(['401']);
  });

  test('where there is a viewer’s alone', async () => {
    const both = await startBoth({ tokens: { operator: '', viewer: 'the-viewer' } });
    await both.send(of('Bearer the-viewer'));
    await expectQuick(both, of('Bearer the-viewer'));
    expect(await expectFastify(both, aRequest())).toEqual(['401']);
    expect(await expectFastify(both, of('Bearer '))).toEqual(['401']);
  });
});

describe('the rate limit counts each request once', () => {
  /** Statuses of ten requests in a row, the same by both ways. */
  async function askTen({ send }: BothWays, bytes: string): Promise<(string | undefined)[]> {
    const statuses = [];
    for (let i = 0; i < 10; i++) {
      const { quick, slow } = await send(bytes);
      expect(quick.text).toBe(slow.text);
      statuses.push(statusesIn(quick.text)?.[0]);
    }
    return statuses;
  }
  const times = (count: number, status: string) => Array<string>(count).fill(status);
  const tokens = { operator: 'the-operator', viewer: '' };

  test('that is answered', async () => {
    const both = await startBoth({ rateLimit: 2 });
    // One was taken when the answer was made ready.
    expect(await askTen(both, aRequest())).toEqual([...times(7, '200'), ...times(3, '429')]);
    both.clock.elapsedMs += 249;
    expect(await askTen(both, aRequest())).toEqual(times(10, '429'));
    both.clock.elapsedMs += 251;
    expect(await askTen(both, aRequest())).toEqual(['200', ...times(9, '429')]);
  });

  test('that is refused after it was counted', async () => {
    const both = await startBoth({ rateLimit: 2, tokens });
    const wrong = aRequest(['Authorization: Bearer wrong']);
    expect(await askTen(both, wrong)).toEqual([...times(8, '401'), ...times(2, '429')]);
    // Another wrong one is no way around it; a right one is not held up.
    expect(await askTen(both, aRequest())).toEqual(times(10, '429'));
    expect(
      (await askTen(both, aRequest(['Authorization: Bearer the-operator']))).slice(0, 8),
    ).toEqual([...times(7, '200'), '429']);
  });

  test('of whoever is asked for, where a proxy’s word holds, and of the proxy where it does not', async () => {
    const trusting = await startBoth({ rateLimit: 2, webAddresses: 'loopback' });
    const asker = (address: string) => aRequest([`X-Forwarded-For: ${address}`]);
    for (const address of ['203.0.113.1', '203.0.113.2', '2001:db8::1, 203.0.113.3']) {
      expect(await askTen(trusting, asker(address))).toEqual([
        ...times(8, '200'),
        ...times(2, '429'),
      ]);
    }
    expect(await askTen(trusting, aRequest())).toEqual([...times(7, '200'), ...times(3, '429')]);
    const strict = await startBoth({ rateLimit: 2, webAddresses: '' });
    expect(await askTen(strict, asker('203.0.113.1'))).toEqual([
      ...times(7, '200'),
      ...times(3, '429'),
    ]);
    expect(await askTen(strict, aRequest())).toEqual(times(10, '429'));
  });

  test('that a wrong configuration refuses, however fresh the answer is', async () => {
    const both = await startBoth({ rateLimit: 2 });
    const key = both.quick.keys.global.shards;
    onTestFinished(async () => void (await open.quick.redis.del(key)));
    await open.quick.redis.set(key, '4');
    // It is looked at when somebody asks whether the service is ready.
    for (const api of [both.quick, both.slow]) {
      await askHttp(`${api.url}/ready`, { headers: { 'x-forwarded-for': '203.0.113.1' } });
    }
    both.clock.elapsedMs += 249;
    const statuses = await askTen(both, aRequest());
    expect(new Set(statuses)).toEqual(new Set(['503', '429']));
    expect(statuses.filter((status) => status === '503').length).toBeLessThanOrEqual(7);
    expect((await both.send(aRequest())).quick.text).toContain('"title":"Too many requests"');
  });
});

test('an API that closes answers nothing any more by either way', async () => {
  const both = await startBoth({});
  /** What the API’s server does with a request that still comes. */
  const askClosed = async ({ app }: RunningApi): Promise<unknown> => {
    const door = createServer((request: IncomingMessage, response: ServerResponse) => {
      app.server.emit('request', request, response);
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const { port } = door.address() as AddressInfo;
    const { status, headers, body } = await askHttp(`http://127.0.0.1:${port}/api/status`);
    door.close();
    return { status, body, connection: headers['connection'], type: headers['content-type'] };
  };
  expect(await askClosed(both.quick)).toMatchObject({ status: 200 });
  await both.close();
  const closed = await askClosed(both.quick);
  expect(closed).toMatchObject({ status: 503, connection: 'close' });
  expect(closed).toEqual(await askClosed(both.slow));
});

test('without Redis an answer is given while it is fresh, and then none', async () => {
  const both = await startBoth({});
  await redis.kill();
  await expectQuick(both, aRequest());
  both.clock.elapsedMs += 250;
  await waitFor('both to notice', async () => {
    const { quick, slow } = await both.send(aRequest());
    return quick.text === slow.text && statusesIn(quick.text)?.[0] === '503';
  });
  await redis.restart();
  await waitFor('Redis to be there again', async () => {
    const { quick, slow } = await both.send(aRequest());
    return [quick, slow].every(({ text }) => statusesIn(text)?.[0] === '200');
  });
  await expectQuick(both, aRequest());
});
