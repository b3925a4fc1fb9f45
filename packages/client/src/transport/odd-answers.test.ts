import { expect, test } from 'vitest';

import { observeEnds } from '../monitor/observe-ends.test-support.ts';
import { instrumentFetch } from './instrument-fetch.ts';

/** What the app reads of an answer that a fetch of its own gives in these chunks, and how the calls ended. */
function setUp() {
  const { ends, deferral, observer } = observeEnds({ abandonAfterMs: 30 });
  const post = (response: unknown) => {
    const inner = () => Promise.resolve(response as Response);
    const options = { followsStreams: false, isCustom: true, propagate: false };
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Why?' }] });
    const url = 'http://127.0.0.1:1/api/chat';
    return instrumentFetch(inner, () => observer, options)(url, { method: 'POST', body });
  };
  const endNow = () => {
    deferral.runNow();
    return ends.pop();
  };
  const ask = async (chunks: readonly unknown[]) => {
    const stream = new ReadableStream<unknown>({
      pull(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    const response = await post(
      new Response(stream as never, { headers: { 'content-type': 'application/x-ndjson' } }),
    );
    const got: unknown[] = [];
    for await (const chunk of response.body as unknown as AsyncIterable<unknown>) got.push(chunk);
    return { got, end: endNow() };
  };
  return { post, ask, endNow };
}

const line = (content: string, more = {}) =>
  `${JSON.stringify({ message: { content }, done: false, ...more })}\n`;

test.each([
  ['texts', ['', line('one '), '', line('two', { done: true })]],
  ['a buffer without a view', [new TextEncoder().encode(line('one two', { done: true })).buffer]],
])('an app gets %s as its own fetch gives them, and the call is understood', async (_, chunks) => {
  const { ask } = setUp();
  const { got, end } = await ask(chunks);
  expect(got).toEqual(chunks);
  expect(end).toMatchObject({ outcome: 'completed', responsePreview: 'one two' });
});

test('what is no bytes at all reaches the app, and spoils the calls of nobody else', async () => {
  const { ask } = setUp();
  const odd = [{ no: 'bytes' }, 7, null, undefined, Symbol('odd'), 1n, new BigInt64Array(1)];
  expect((await ask(odd)).got).toEqual(odd);
  const { end } = await ask([Buffer.from(line('one two', { done: true }))]);
  expect(end).toMatchObject({ outcome: 'completed', responsePreview: 'one two' });
});

const headers = new Headers({ 'content-type': 'application/json' });
const cycle: { self?: unknown } = {};
cycle.self = cycle;

test.each([
  ['nothing', undefined],
  ['what is no JSON', cycle],
])('an app gets %s of a response of another class that reads so', async (_, value) => {
  const { post, endNow } = setUp();
  const body = new ReadableStream();
  const other = { ok: true, status: 200, statusText: '', headers, body, text: () => undefined };
  const response = await post({ ...other, json: () => Promise.resolve(value) });
  expect(await response.json()).toBe(value);
  expect(endNow()).toBeDefined();
});

test.each([{ ok: true, json: () => Promise.resolve({}) }, {}, null, undefined])(
  'an app gets what its own fetch gives, and the call ends: %j',
  async (other) => {
    const { post, endNow } = setUp();
    expect(await post(other)).toBe(other);
    expect(endNow()).toBeDefined();
  },
);
