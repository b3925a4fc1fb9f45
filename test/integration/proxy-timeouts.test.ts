import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { collectEvents, type EventCollector } from '../helpers/collect-events.ts';
import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';

let nats: NatsServer;
let events: EventCollector;
let server: RunningFakeOllama;
let proxy: RunningProxy;

beforeAll(async () => {
  nats = await startNats();
  events = await collectEvents(nats.url);
  server = await startFakeOllama({
    respond: ({ body }) => ({
      fault: { kind: 'hang', ...(body?.['stream'] ? { afterLines: 2 } : {}) },
    }),
  });
  proxy = await startProxy(server.url, { NATS_URL: nats.url });
});
afterAll(async () => {
  await proxy.agent.stop();
  await server.close();
  await events.stop();
  await nats.stop();
});

const chat = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello?' }] };
const endOf = async (app: string) => (await events.endedCalls(app))[0]!.ended[0]!.event.data;

test.each([
  ['of a second', 1000],
  ['of less than one', 300],
])('a time-out %s that the SDK of OpenAI was given for a call is one', async (name, timeout) => {
  const app = name.replaceAll(' ', '-');
  const client = new OpenAI({
    ...{ apiKey: 'none', baseURL: `${proxy.url}/v1`, maxRetries: 0 },
    defaultHeaders: { 'x-llm-monitor-app': app },
  });
  await expect(client.chat.completions.create(chat, { timeout })).rejects.toThrow('timed out');
  expect(await endOf(app)).toMatchObject({ outcome: 'timeout', error: { type: 'TimeoutError' } });
});

/** As the SDKs for Python do it: by httpx, which waits so long for each piece. */
const ask = async (app: string, leaveWhen: (answer: Response) => Promise<unknown>) => {
  const leaving = new AbortController();
  const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', 'x-llm-monitor-app': app },
      'x-stainless-read-timeout': '0.4',
    },
    body: JSON.stringify({ ...chat, stream: true }),
    signal: leaving.signal,
  });
  await leaveWhen(answer);
  leaving.abort();
};

test('a caller that leaves a stream after the silence that it had announced had no more time', async () => {
  await ask('silent', async (answer) => {
    const reader = answer.body!.getReader();
    const pieces = [await reader.read()];
    const silence = AbortSignal.timeout(400);
    void reader.read().catch(() => undefined);
    await new Promise((over) => silence.addEventListener('abort', over));
    expect(pieces[0]!.done).toBe(false);
  });
  expect(await endOf('silent')).toMatchObject({
    ...{ outcome: 'timeout', chunks: 2 },
    error: { type: 'TimeoutError', message: expect.stringContaining('400 ms') },
  });
});

test('one that leaves before has changed its mind', async () => {
  await ask('leaving', (answer) => answer.body!.getReader().read());
  expect(await endOf('leaving')).toMatchObject({ outcome: 'cancelled', cancelledBy: 'client' });
});
