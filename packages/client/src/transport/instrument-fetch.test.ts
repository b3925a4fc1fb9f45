import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { observeEnds } from '../monitor/observe-ends.test-support.ts';
import { instrumentFetch, type Fetch } from './instrument-fetch.ts';

const line = (content: string, more = {}) =>
  `${JSON.stringify({ message: { content }, done: false, ...more })}\n`;

/** A server, and a fetch whose calls end up in `ends`. */
async function setUp(listener: RequestListener, wrap: (fetch: Fetch) => Fetch = (same) => same) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { ends, observer } = observeEnds({ abandonAfterMs: 30 });
  const fetch = instrumentFetch(wrap(globalThis.fetch), () => observer, {
    followsStreams: false,
    isCustom: false,
    propagate: false,
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat`;
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Why?' }] });
  const ended = () => vi.waitFor(() => expect(ends).toHaveLength(1)).then(() => ends[0]);
  return {
    url,
    body,
    ends,
    ended,
    post: (init = {}) => fetch(url, { method: 'POST', body, ...init }),
  };
}

const streams: RequestListener = (_, response) => {
  response.writeHead(200, 'Fine', { 'content-type': 'application/x-ndjson', 'x-own': '1' });
  response.write(line('one ') + line('tw').slice(0, 9));
  setImmediate(() =>
    response.end(`${line('tw').slice(9)}${line('', { done: true, eval_count: 2 })}`),
  );
};

const WHOLE = `${line('one ')}${line('tw')}${line('', { done: true, eval_count: 2 })}`;

describe('an instrumented fetch', () => {
  test.each<[string, (response: Response) => Promise<unknown>]>([
    ['text()', (response) => response.text()],
    ['arrayBuffer()', async (response) => Buffer.from(await response.arrayBuffer()).toString()],
    ['a clone', (response) => response.clone().text()],
    [
      'a reader',
      async (response) => {
        let text = '';
        const decoder = new TextDecoder();
        const reader = (response.body as ReadableStream<Uint8Array>).getReader();
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          text += decoder.decode(part.value, { stream: true });
        }
        return text;
      },
    ],
  ])('gives the whole body to %s and sees the call', async (_, read) => {
    const { post, ended, url } = await setUp(streams);
    const response = await post();
    expect(response).toBeInstanceOf(Response);
    expect(response).toMatchObject({
      status: 200,
      statusText: 'Fine',
      ok: true,
      url,
      type: 'basic',
    });
    expect(response.headers.get('x-own')).toBe('1');
    expect(await read(response)).toBe(WHOLE);
    expect(await ended()).toMatchObject({
      outcome: 'completed',
      usage: { outputTokens: 2, source: 'server' },
      chunks: 2,
      responsePreview: 'one tw',
    });
  });

  test('gives and sees the text of a compressed answer', async () => {
    const { post, ended } = await setUp((_, response) => {
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-encoding': 'gzip',
      });
      response.end(gzipSync('{"message":{"content":"hello"},"done":true,"eval_count":1}'));
    });
    expect(await (await post()).json()).toMatchObject({ message: { content: 'hello' } });
    expect(await ended()).toMatchObject({ outcome: 'completed', responsePreview: 'hello' });
  });

  test('sees a consumer that cancels the body', async () => {
    const { post, ended } = await setUp((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(line('one '));
    });
    const reader = ((await post()).body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    expect(await ended()).toMatchObject({ outcome: 'cancelled', chunks: 1 });
  });

  test('sees an abort by a signal though nobody reads on', async () => {
    const { post, ended } = await setUp((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(line('one '));
    });
    const controller = new AbortController();
    const reader = ((await post({ signal: controller.signal })).body as ReadableStream).getReader();
    await reader.read();
    controller.abort();
    expect(await ended()).toMatchObject({ outcome: 'cancelled', cancelledBy: 'app' });
    await expect(reader.read()).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a reset stays an error though the signal aborts afterwards', async () => {
    const { post, ended } = await setUp((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(line('one '), () => response.destroy());
    });
    const controller = new AbortController();
    const response = await post({ signal: controller.signal });
    await expect(response.text()).rejects.toMatchObject({ name: 'TypeError' });
    controller.abort();
    expect(await ended()).toMatchObject({ outcome: 'error', error: { type: 'TypeError' } });
  });

  test('a body that nobody reads is abandoned', async () => {
    const { post, ended } = await setUp(streams);
    const response = await post();
    expect(await ended()).toMatchObject({ outcome: 'abandoned' });
    expect(await response.text()).toBe(WHOLE);
  });

  test('leaves a response of another class what it is', async () => {
    class OtherResponse {
      ok = true;
      status = 200;
      statusText = 'OK';
      headers = new Headers({ 'content-type': 'application/json' });
      body = new ReadableStream();
      json = () => Promise.resolve({ message: { content: 'hello' }, done: true, eval_count: 1 });
      text = () => Promise.resolve('');
    }
    const other = new OtherResponse();
    const { post, ended } = await setUp(streams, () => () => Promise.resolve(other as never));
    const response = await post();
    expect(response).toBe(other);
    expect(await response.json()).toMatchObject({ message: { content: 'hello' } });
    expect(await ended()).toMatchObject({ outcome: 'completed', responsePreview: 'hello' });
  });

  test('lets pass what is no call of a model, untouched', async () => {
    const inner = vi.fn<Fetch>(() => Promise.resolve(new Response('x')));
    const fetch = instrumentFetch(
      inner,
      () => {
        throw new Error('asked for an observer');
      },
      { followsStreams: false, isCustom: false, propagate: false },
    );
    await fetch('http://h/api/tags');
    await fetch('http://h/api/delete', { method: 'DELETE' });
    await fetch(new URL('http://h/other/chat'), { method: 'POST' });
    expect(inner.mock.calls.map(([input]) => String(input))).toEqual([
      ...['http://h/api/tags', 'http://h/api/delete', 'http://h/other/chat'],
    ]);
  });

  test('follows a request once, whatever lies between two that wrap it, and keeps nothing of it', async () => {
    const below = observeEnds({ abandonAfterMs: 30 });
    const options = { followsStreams: false, isCustom: false, propagate: false };
    const { post, ended } = await setUp(streams, (runtime) => {
      const inner = instrumentFetch(runtime, () => below.observer, options);
      return async (input, init) => {
        await new Promise(setImmediate);
        const refused = inner('http://127.0.0.1:1/api/chat', { ...init });
        await refused.catch(() => undefined);
        return inner(input, { ...init });
      };
    });
    expect(await (await post()).text()).toBe(WHOLE);
    expect(await ended()).toMatchObject({ outcome: 'completed' });
    below.deferral.runNow();
    expect(below.ends).toEqual([]);
    const kept: unknown = Reflect.get(globalThis, Symbol.for('@llm-monitor/client:passing'));
    expect(kept).toEqual(new Set());
  });

  test('a fault of the monitor never reaches the app', async () => {
    const inner: Fetch = () => Promise.resolve(new Response('fine'));
    const broken = () => {
      throw new Error('broken monitor');
    };
    const fetch = instrumentFetch(inner, broken, {
      followsStreams: false,
      isCustom: false,
      propagate: false,
    });
    const response = await fetch('http://h/api/chat', { method: 'POST', body: '{}' });
    expect(await response.text()).toBe('fine');
  });
});
