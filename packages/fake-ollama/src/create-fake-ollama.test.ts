import { expect, onTestFinished, test } from 'vitest';

import { createFakeOllama, type FakeOllamaOptions } from './create-fake-ollama.ts';

async function setUp(options?: FakeOllamaOptions) {
  const fake = createFakeOllama(options);
  const url = await fake.listen();
  onTestFinished(() => fake.close());
  const post = (path: string, body: unknown) =>
    fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
  const get = async (path: string) =>
    (await (await fetch(url + path)).json()) as Record<string, unknown>;
  return { fake, url, post, get };
}

const names = (list: Record<string, unknown>) =>
  (list['models'] as { name: string }[]).map((model) => model.name);

test('it says that it runs, which version it is and which models it has', async () => {
  const { url, get, post } = await setUp({ models: ['phi3:latest'], version: '1.2.3' });
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  expect(await (await fetch(url)).text()).toBe('Ollama is running');
  expect(await get('/api/version')).toEqual({ version: '1.2.3' });
  expect(names(await get('/api/tags'))).toEqual(['phi3:latest']);
  expect(await (await post('/api/show', { model: 'phi3' })).json()).toMatchObject({
    details: { format: 'gguf' },
  });
});

test('an empty prompt loads a model, and unloads it with keep_alive 0', async () => {
  const { post, get } = await setUp();
  const loaded = await (await post('/api/generate', { model: 'phi3' })).json();
  expect(loaded).toMatchObject({ done: true, done_reason: 'load', response: '' });
  expect(names(await get('/api/ps'))).toEqual(['phi3']);
  const unloaded = await post('/api/chat', { model: 'phi3', messages: [], keep_alive: 0 });
  expect(await unloaded.json()).toMatchObject({ done: true, done_reason: 'unload' });
  expect(names(await get('/api/ps'))).toEqual([]);
});

test('it streams unless told not to, and ends with counts and durations', async () => {
  const { post } = await setUp({ respond: () => ({ content: ['a', 'b'], thinking: ['hm'] }) });
  const streamed = await post('/api/generate', { model: 'm', prompt: 'x' });
  expect(streamed.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = (await streamed.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map((line) => line['thinking'] ?? line['response'])).toEqual(['hm', 'a', 'b', '']);
  expect(lines.at(-1)).toMatchObject({
    done: true,
    done_reason: 'stop',
    eval_count: 3,
    total_duration: expect.any(Number),
  });
  const whole = await post('/api/generate', { model: 'm', prompt: 'x', stream: false });
  expect(await whole.json()).toMatchObject({ response: 'ab', thinking: 'hm', done: true });
});

test('it refuses as Ollama does', async () => {
  const { post, url } = await setUp({ models: ['phi3'] });
  const missing = await post('/api/chat', { model: 'none', messages: [{ content: 'x' }] });
  expect(missing.status).toBe(404);
  expect(await missing.json()).toEqual({ error: "model 'none' not found" });
  expect((await post('/api/chat', {})).status).toBe(400);
  expect((await fetch(`${url}/api/nothing`)).status).toBe(404);
});

test('it notes what it got and who left', async () => {
  const { fake, post } = await setUp({
    respond: () => ({ fault: { kind: 'hang', afterLines: 1 } }),
  });
  const response = await post('/api/chat', { model: 'm', messages: [{ content: 'x' }] });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  expect(fake.requests[0]).toMatchObject({
    method: 'POST',
    path: '/api/chat',
    body: { model: 'm' },
    linesSent: 1,
    disconnected: false,
  });
  await reader.cancel();
  await expect.poll(() => fake.requests[0]?.disconnected).toBe(true);
});
