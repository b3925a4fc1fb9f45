import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test, vi } from 'vitest';

import type { Monitor } from '../monitor/create-monitor.ts';
import { observeEnds } from '../monitor/observe-ends.test-support.ts';
import { instrumentFetch, type Fetch } from '../transport/instrument-fetch.ts';
import { Ollama } from './index.ts';

/** A server that says the model's name, and a client of it whose calls end up in `ends`. */
async function setUp() {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      const { model, stream } = JSON.parse(body) as { model: string; stream?: boolean };
      if (!stream) return response.setHeader('content-type', 'application/json').end('{}');
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(`${JSON.stringify({ message: { content: model }, done: false })}\n`);
      response.end(`${JSON.stringify({ message: { content: '' }, done: true })}\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { ends, deferral, observer } = observeEnds({ abandonAfterMs: 60_000 });
  const monitor = {
    fetch: (inner: Fetch, { isCustom = false } = {}) =>
      instrumentFetch(inner, () => observer, { followsStreams: true, isCustom, propagate: false }),
  } as Monitor;
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const saidBy = async (model: string, client: Ollama) => {
    let said = '';
    for await (const part of await client.chat({ model, stream: true })) {
      said += part.message.content;
    }
    return said;
  };
  /** What was seen of each model, once so many calls have ended. */
  const seen = async (calls: number) => {
    await vi.waitFor(() => expect(ends).toHaveLength(calls), 8000);
    return Object.fromEntries(
      ends.map(({ model, outcome, responsePreview }) => [model, [outcome, responsePreview]]),
    );
  };
  /** The models of what has ended by now. */
  const ended = () => {
    deferral.runNow();
    return ends.map(({ model }) => model);
  };
  return { client: () => new Ollama({ host, monitor }), saidBy, seen, ended };
}

/** Puts a fetch of the app's in front of the client's own, behind which the monitor sees the calls. */
function inFront(client: Ollama, wrap: (own: Fetch) => Fetch): Ollama {
  const fields = client as unknown as { fetch: Fetch };
  fields.fetch = wrap(fields.fetch);
  return client;
}

test('streams that begin in the same moment are followed each by itself', async () => {
  const { client, saidBy, seen } = await setUp();
  const one = client();
  await Promise.all(['a', 'b', 'c'].map((model) => saidBy(model, one)));
  expect(await seen(3)).toEqual({
    a: ['completed', 'a'],
    b: ['completed', 'b'],
    c: ['completed', 'c'],
  });
});

test('a stream is not taken for a call that the app makes on the way to it', async () => {
  const { client, saidBy, seen } = await setUp();
  const other = client();
  const asking = inFront(client(), (own) => async (input, init) => {
    await other.embed({ model: 'embedder', input: 'Why?' });
    return own(input, init);
  });
  expect(await saidBy('chatter', asking)).toBe('chatter');
  expect(await seen(2)).toMatchObject({ chatter: ['completed', 'chatter'] });
});

test('of a request that the app makes again itself, the stream is followed that it reads', async () => {
  const { client, saidBy, seen } = await setUp();
  const again = inFront(client(), (own) => async (input, init) => {
    const first = own('http://127.0.0.1:1/api/chat', {
      ...init,
      body: JSON.stringify({ model: 'lost' }),
    });
    await first.catch(() => undefined);
    return own(input, init);
  });
  expect(await saidBy('found', again)).toBe('found');
  expect(await seen(2)).toEqual({ lost: ['error', undefined], found: ['completed', 'found'] });
});

test('a stream that the app answers itself is not taken for another that it began on the way', async () => {
  const { client, saidBy, ended } = await setUp();
  const answering = inFront(client(), (own) => async (input, init) => {
    await own(input, {
      ...init,
      signal: new AbortController().signal,
      body: JSON.stringify({ model: 'other', stream: true }),
    });
    return new Response(`${JSON.stringify({ message: { content: 'kept' }, done: true })}\n`);
  });
  expect(await saidBy('chatter', answering)).toBe('kept');
  // Nobody has read the other one yet.
  expect(ended()).toEqual([]);
});
