import { createServer, type Server } from 'node:http';
import { getEventListeners, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { collectGarbage } from '../collect-garbage.test-support.ts';
import { createMonitor, type Monitor } from '../monitor/create-monitor.ts';
import { Ollama } from '../ollama/index.ts';

/** Never ends, but has begun. */
let server: Server;
let host = '';

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    if (url?.startsWith('/v1/')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: [DONE]\n\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(`${JSON.stringify({ message: { content: 'one ' }, done: false })}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const messages = [{ role: 'user', content: 'Why?' }];
const request = { model: 'm', messages, stream: true } as const;

/** A fetch of the app's own: the monitor aborts nothing of it but the stream that it has put in front. */
const ownFetch: typeof fetch = (input, init) => fetch(input, init);

async function readOneOfFetch(monitor: Monitor, custom?: typeof fetch) {
  const body = JSON.stringify(request);
  const response = await monitor.fetch(custom)(`${host}/api/chat`, { method: 'POST', body });
  const reader = response.body!.getReader();
  await reader.read();
  return reader;
}

async function iterate(monitor: Monitor) {
  const iterator = (await readNothing(monitor)).body!.values();
  await iterator.next();
  return iterator;
}

/** The runtime cancels a body that nobody has begun to read when its response is garbage. */
async function readNothing(monitor: Monitor) {
  const body = JSON.stringify(request);
  return monitor.fetch()(`${host}/api/chat`, { method: 'POST', body });
}

async function readClone(monitor: Monitor) {
  const clone = (await readNothing(monitor)).clone();
  const reader = clone.body!.getReader();
  await reader.read();
  return reader;
}

async function readOneOfOllama(monitor: Monitor, custom?: typeof fetch) {
  const stream = await new Ollama({ host, monitor, ...(custom ? { fetch: custom } : {}) }).chat(
    request,
  );
  const generator = stream[Symbol.asyncIterator]();
  await generator.next();
  return { stream, generator };
}

test.each<[string, (monitor: Monitor) => Promise<object>]>([
  ['a body', readOneOfFetch],
  ['a loop over a body', iterate],
  ['a response', readNothing],
  ['a clone of a response', readClone],
  ["a body of the app's own fetch", (monitor) => readOneOfFetch(monitor, ownFetch)],
  ['a stream of the drop-in', readOneOfOllama],
  [
    "a stream of the drop-in over the app's own fetch",
    (monitor) => readOneOfOllama(monitor, ownFetch),
  ],
])(
  '%s that is dropped in the middle ends the call, and one that is held does not',
  async (_, read) => {
    const monitor = createMonitor({ natsUrl: 'nats://127.0.0.1:1' });
    onTestFinished(() => monitor.close());
    let held: object | undefined = await read(monitor);
    const runsAfterGarbage = async () => {
      // Does what waits, so that the call is no longer young.
      await monitor.flush(0);
      collectGarbage();
      await nextTurn();
      await monitor.flush(0);
      return monitor.state().running;
    };
    expect(await runsAfterGarbage()).toBe(1);
    expect(await runsAfterGarbage()).toBe(1);
    expect(held).toBeDefined();
    held = undefined;
    await expect.poll(runsAfterGarbage).toBe(0);
  },
);

test.each([
  ['in the middle', '/api/chat'],
  ['at its last message', '/v1/chat/completions'],
])(
  'a body that is dropped %s leaves nothing at a signal that the app uses for long',
  async (_, path) => {
    const monitor = createMonitor({ natsUrl: 'nats://127.0.0.1:1' });
    onTestFinished(() => monitor.close());
    const { signal } = new AbortController();
    const readOne = async () => {
      const body = JSON.stringify(request);
      const init = { method: 'POST', body, signal };
      const response = await monitor.fetch()(`${host}${path}`, init);
      await response.body!.getReader().read();
    };
    await readOne();
    expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(0);
    const listenersAfterGarbage = async () => {
      await monitor.flush(0);
      collectGarbage();
      await nextTurn();
      return getEventListeners(signal, 'abort').length;
    };
    await expect.poll(listenersAfterGarbage).toBe(0);
  },
);
