import { createServer } from 'node:http';
import { once, defaultMaxListeners, getEventListeners } from 'node:events';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test, vi } from 'vitest';

import { createMonitor } from '../monitor/create-monitor.ts';
import type { Fetch } from './instrument-fetch.ts';

const BODY = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Why?' }] });
const AUTHORIZATION: Record<string, string> = { authorization: 'Basic YTpi' };

interface Received {
  method: string | undefined;
  authorization: string | undefined;
  body: string;
}

/** A server that keeps what it receives. */
async function setUp() {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method, headers } = request;
      received.push({ method, authorization: headers.authorization, body });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"done":true}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const monitor = createMonitor({ natsUrl: 'nats://127.0.0.1:1' });
  onTestFinished(() => monitor.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat`;
  return { received, url, monitored: monitor.fetch() };
}

class Derived {
  get method() {
    return 'POST';
  }
  get body() {
    return BODY;
  }
  get headers() {
    return AUTHORIZATION;
  }
}

const post = (headers: unknown) => ({ method: 'POST', body: BODY, headers }) as RequestInit;
const pairs = () => Object.entries(AUTHORIZATION) as [string, string][];

test.each<[string, (url: string) => RequestInit]>([
  ['a plain object', () => post(AUTHORIZATION)],
  ['a Request', (url) => new Request(url, post(AUTHORIZATION)) as RequestInit],
  ['an object with getters', () => new Derived()],
  ['an object that inherits', () => Object.create(post(AUTHORIZATION)) as RequestInit],
  ['headers in a Map', () => post(new Map(pairs()))],
  ['headers that can be gone through once', () => post(pairs().values())],
  [
    'headers of another implementation',
    () =>
      post({
        *[Symbol.iterator]() {
          yield* pairs();
        },
      }),
  ],
])('%s as the second argument says the same as to the bare fetch', async (_, init) => {
  const { received, url, monitored } = await setUp();
  await (await fetch(url, init(url))).text();
  await (await monitored(url, init(url))).text();
  expect(received[1]).toEqual(received[0]);
  expect(received[0]).toEqual({ method: 'POST', body: BODY, ...AUTHORIZATION });
});

test('case 38: a fetch of the app’s own gets the very url and init that the app gave', async () => {
  const monitor = createMonitor({ natsUrl: 'nats://127.0.0.1:1' });
  onTestFinished(() => monitor.close());
  const given: unknown[][] = [];
  const own: Fetch = async (...all) => {
    given.push(all);
    return new Response('{"done":true}');
  };
  const url = new URL('http://127.0.0.1:1/api/chat');
  const init = { ...post(AUTHORIZATION), signal: new AbortController().signal };
  await (await monitor.fetch(own)(url, init)).text();
  expect(given).toHaveLength(1);
  expect(given[0]?.map((one, index) => one === [url, init][index])).toEqual([true, true]);
});

test('null takes the signal of a Request away', async () => {
  const { url, monitored } = await setUp();
  const request = new Request(url, { ...post({}), signal: AbortSignal.abort() });
  expect((await monitored(request, { signal: null })).status).toBe(200);
});

test('one signal for many calls warns of nothing and is let go, also by who leaves', async () => {
  const { url, monitored } = await setUp();
  const warn = vi.spyOn(process, 'emitWarning');
  onTestFinished(() => warn.mockRestore());
  const { signal } = new AbortController();
  const calls = Array.from({ length: 5 * defaultMaxListeners }, async (_, index) => {
    const response = await monitored(url, { ...post({}), signal });
    await (index % 2 === 0 ? response.text() : response.body?.cancel());
  });
  await Promise.all(calls);
  expect(warn).not.toHaveBeenCalled();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an answer can be read into a buffer of the reader’s own, to its end', async () => {
  const { url, monitored } = await setUp();
  const read = async (by: Fetch) => {
    const { body } = await by(url, post({}));
    const reader = body!.getReader({ mode: 'byob' });
    const reads = [];
    for (
      let of = await reader.read(new Uint8Array(5));
      ;
      of = await reader.read(new Uint8Array(5))
    ) {
      reads.push(of.value && Buffer.from(of.value).toString());
      if (of.done) return reads;
    }
  };
  expect(await read(monitored)).toEqual(await read(fetch));
});
