import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { chunk, head, LAST_CHUNK, line, said, done, whole } from '../helpers/http-bytes.ts';
import { connectRaw, exchangeRaw, parseAnswer, rawRequest } from '../helpers/raw-client.ts';
import {
  gate,
  HALF_CLOSE,
  startRawServer,
  type RawServer,
  type Step,
} from '../helpers/raw-server.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';
import { waitFor } from '../helpers/wait-for.ts';

const CHAT = JSON.stringify({ model: 'llama3.2:3b', messages: [{ role: 'user', content: 'Hé' }] });
const JSON_BODY = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(CHAT)}`];
const CHUNKED = { 'Transfer-Encoding': 'chunked' };
const multibyte = Buffer.from(line(said('é€🦙')));

/** Requests and what the server says to them, to the byte. */
const CASES: Record<string, { request: Buffer; answer: Step[] }> = {
  'a stream of lines, cut inside a character': {
    request: rawRequest('POST /api/chat', JSON_BODY, CHAT),
    answer: [
      head(200, { 'Content-Type': 'application/x-ndjson', ...CHUNKED }),
      chunk(multibyte.subarray(0, multibyte.indexOf(0xc3) + 1)),
      chunk(multibyte.subarray(multibyte.indexOf(0xc3) + 1)),
      chunk(line(done())),
      LAST_CHUNK,
    ],
  },
  'server-sent events': {
    request: rawRequest('POST /v1/chat/completions', JSON_BODY, CHAT),
    answer: [
      head(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', ...CHUNKED }),
      chunk('data: {"choices":[{"delta":{"content":"a"}}]}\n\n'),
      chunk('data: [DONE]\n\n'),
      LAST_CHUNK,
    ],
  },
  'a compressed answer': {
    request: rawRequest('POST /api/chat', [...JSON_BODY, 'Accept-Encoding: gzip'], CHAT),
    answer: whole(gzipSync(JSON.stringify(done())), {
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    }),
  },
  'a compressed answer in an encoding that nobody knows': {
    request: rawRequest('POST /api/chat', JSON_BODY, CHAT),
    answer: whole(Buffer.from([0, 255, 128, 13, 10]), { headers: { 'Content-Encoding': 'odd' } }),
  },
  'HEAD with a length': {
    request: rawRequest('HEAD /'),
    answer: [head(200, { 'Content-Type': 'text/plain', 'Content-Length': '17' })],
  },
  'OPTIONS of a browser': {
    request: rawRequest('OPTIONS /api/chat', [
      'Origin: http://localhost:3000',
      'Access-Control-Request-Method: POST',
    ]),
    answer: [head(204, { 'Access-Control-Allow-Origin': 'http://localhost:3000' }, 'No Content')],
  },
  'OPTIONS of the server itself': {
    request: rawRequest('OPTIONS *'),
    answer: [head(200, { 'Content-Length': '0' })],
  },
  'a 404 with a body': {
    request: rawRequest('POST /api/chat', JSON_BODY, CHAT),
    answer: whole('{"error":"model \'x\' not found"}', { status: 404, reason: 'Not Found' }),
  },
  'a 405': {
    request: rawRequest('PUT /api/chat', ['Content-Length: 0']),
    answer: whole('405 method not allowed', {
      status: 405,
      reason: 'Method Not Allowed',
      headers: { Allow: 'POST', 'Content-Type': 'text/plain' },
    }),
  },
  'a path that nobody knows, with a query': {
    request: rawRequest('GET /no/such//path/%F0%9F?a=b&a=%20#'),
    answer: whole('404 page not found', { status: 404, headers: {} }),
  },
  'DELETE with a body': {
    request: rawRequest('DELETE /api/delete', JSON_BODY, CHAT),
    answer: [head(200, { 'Content-Length': '0' })],
  },
  'repeated headers, odd case and bytes above 0x7f': {
    request: rawRequest('GET /api/tags', [
      'X-Ünknown-not: 1'.replace('Ü', 'U'),
      'x-two: é',
      'X-TWO: 2',
    ]),
    answer: [
      head(200, { 'sEt-CooKie': 'a=1', 'X-Name': 'ca\u00fcf', 'content-LENGTH': '2' }).replace(
        '\r\nX-Name',
        '\r\nSet-Cookie: b=2\r\nX-Name',
      ),
      'ok',
    ].map((step) => Buffer.from(step, 'latin1')),
  },
  'trailers of an answer in chunks': {
    request: rawRequest('POST /api/chat', [...JSON_BODY, 'TE: trailers'], CHAT),
    answer: [head(200, { Trailer: 'X-Sum', ...CHUNKED }), chunk('abc'), '0\r\nX-Sum: 12\r\n\r\n'],
  },
  'a request in chunks, with trailers': {
    request: rawRequest(
      'POST /api/blobs/sha256:00',
      ['Transfer-Encoding: chunked', 'Trailer: X-Sum'],
      '3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 9\r\n\r\n',
    ),
    answer: whole('created', { status: 201, reason: 'Created' }),
  },
  'an empty reason and an unusual status': {
    request: rawRequest('GET /api/version'),
    answer: [head(299, { 'Content-Length': '0' }, '')],
  },
  'an answer that the end of the connection ends': {
    request: rawRequest('GET /old'),
    answer: [head(200, { 'Content-Type': 'text/plain' }), 'until the end', HALF_CLOSE],
  },
};

const HOP = /^(connection|keep-alive|transfer-encoding):/i;

/** What a client can tell of an answer, without what concerns one connection only. */
function seen(bytes: Buffer) {
  const { status, headers, body, trailers } = parseAnswer(bytes);
  return {
    status,
    headers: headers.filter((one) => !HOP.test(one) && !one.startsWith('x-llm-monitor-agent:')),
    body: body.toString('base64'),
    trailers,
  };
}

describe('through the proxy and past it', () => {
  let server: RawServer;
  let proxy: RunningProxy;
  let answer: Step[];
  beforeAll(async () => {
    server = await startRawServer(() => answer);
    proxy = await startProxy(server.url);
  });
  afterAll(async () => {
    await proxy.agent.stop();
    await server.close();
  });

  test.each(Object.entries(CASES))('%s is the same to the byte', async (_, one) => {
    // The raw server ends nothing by itself: a client that is done asks it to.
    answer = [...one.answer, HALF_CLOSE];
    const direct = await exchangeRaw(server.url, one.request);
    const proxied = await exchangeRaw(proxy.url, one.request);
    expect(seen(proxied)).toEqual(seen(direct));
    const own = parseAnswer(proxied).headers.filter((h) => h.startsWith('x-llm-monitor-agent: '));
    expect(own).toEqual([expect.stringMatching(/: agent-proxy-host-[0-9a-f]{8}$/)]);
    // The raw server reads no trailers: it takes them for the beginning of a request.
    const [atServer, atServerProxied] = server.requests
      .splice(0)
      .filter((one) => one.head[0]?.endsWith(' HTTP/1.1'));
    expect(atServerProxied!.body.equals(atServer!.body)).toBe(true);
    const lines = (of: typeof atServer) =>
      of!.head.filter((h) => !/^(connection|host|x-llm-monitor-agent):/i.test(h));
    expect(lines(atServerProxied)).toEqual(lines(atServer));
    expect(atServerProxied!.head).toContain(`Host: ${new URL(server.url).host}`);
  });

  test('headers that concern one connection stay there, also those that Connection names', async () => {
    answer = [
      head(200, {
        'Content-Length': '2',
        'Keep-Alive': 'timeout=9',
        'Proxy-Authenticate': 'Basic',
        Connection: 'keep-alive, X-Hop',
        'X-Hop': '1',
        'X-Stays': '1',
      }),
      'ok',
    ];
    const answered = await exchangeRaw(
      proxy.url,
      rawRequest('GET /', [
        'Connection: close, X-Mine, Host, Content-Length',
        'X-Mine: 1',
        'Keep-Alive: 300',
        'TE: gzip, trailers;q=0.5',
        'Proxy-Authorization: Basic eDp5',
        'Proxy-Connection: keep-alive',
        'Content-Length: 0',
        'Authorization: Bearer secret',
      ]),
    );
    const { headers } = parseAnswer(answered);
    expect(headers.filter((one) => /^x-hop|^proxy-|timeout/i.test(one))).toEqual([]);
    expect(headers).toContain('X-Stays: 1');
    const [request] = server.requests.splice(0);
    expect(request!.head.map((one) => one.toLowerCase())).toEqual([
      'get / http/1.1',
      `host: ${new URL(server.url).host}`,
      'te: trailers',
      'content-length: 0',
      'authorization: bearer secret',
      expect.stringMatching(/^x-llm-monitor-agent: /),
      'connection: keep-alive',
    ]);
  });

  test('interim answers come before the answer', async () => {
    answer = [
      'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n',
      'HTTP/1.1 102 Processing\r\n\r\n',
      ...whole('ok'),
    ];
    const text = (await exchangeRaw(proxy.url, rawRequest('GET /'))).toString();
    expect(text).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>; rel=preload\r\n\r\nHTTP\/1\.1 102 /,
    );
    expect(text).toMatch(/\r\n\r\nHTTP\/1\.1 200 Said So\r\n[^]*ok$/);
    server.requests.splice(0);
  });

  test.each(['garbage', '</a>, </b>; rel=preload', '</a>; rel="a b"', '</a'])(
    'a hint that cannot be passed on, %s, is left out, and the answer comes',
    async (link) => {
      answer = [`HTTP/1.1 103 Early Hints\r\nLink: ${link}\r\n\r\n`, ...whole('ok')];
      const text = (await exchangeRaw(proxy.url, rawRequest('GET /'))).toString();
      expect(text).toMatch(/^HTTP\/1\.1 200 Said So\r\n[^]*ok$/);
      server.requests.splice(0);
    },
  );

  test('hints that a client does not read are left out once there is no room for them', async () => {
    const hint = `HTTP/1.1 103 Early Hints\r\nLink: </${'a'.repeat(8000)}>; rel=preload\r\n\r\n`;
    const hints = Array.from({ length: 32 }, () => hint.repeat(128));
    answer = [...hints, gate('the client to read'), ...whole('ok')];
    const client = await connectRaw(proxy.url);
    client.socket.pause();
    client.write(rawRequest('GET /'));
    await waitFor('the server to have said them', () =>
      server.requests[0]?.state.startsWith('at '),
    );
    server.open('the client to read');
    client.socket.resume();
    await client.ended;
    expect(client.text()).toMatch(/\r\n\r\nHTTP\/1\.1 200 Said So\r\n[^]*ok$/);
    expect(client.bytes().length).toBeLessThan((hint.length * 32 * 128) / 2);
    server.requests.splice(0);
  });

  test.each([
    ['another protocol', '101 Switching Protocols', 'Upgrade: x\r\nConnection: upgrade\r\n'],
    ['a status that is none', '000 None', 'Content-Length: 0\r\n'],
  ])('%s that nobody asked for is told as no valid answer', async (_what, status, headers) => {
    answer = [`HTTP/1.1 ${status}\r\n${headers}\r\n`];
    const text = (await exchangeRaw(proxy.url, rawRequest('GET /'))).toString();
    expect(text).toMatch(/^HTTP\/1\.1 502 [^]*sent an answer that is not valid HTTP/);
    server.requests.splice(0);
  });

  test('a client of HTTP/1.0 gets no chunks', async () => {
    answer = [head(200, { Trailer: 'X-Sum', ...CHUNKED }), chunk('abc'), '0\r\nX-Sum: 1\r\n\r\n'];
    const text = (await exchangeRaw(proxy.url, 'GET / HTTP/1.0\r\n\r\n')).toString();
    expect(text).toMatch(/^HTTP\/1\.1 200 Said So\r\n[^]*\r\n\r\nabc$/);
    expect(text).not.toMatch(/transfer-encoding|trailer/i);
    server.requests.splice(0);
  });
});
