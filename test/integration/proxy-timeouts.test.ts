import OpenAI from 'openai';
import { expect, test } from 'vitest';

import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { useWatchedProxy, type WatchedProxy } from '../helpers/use-watched-proxy.ts';

let proxy: WatchedProxy;
useWatchedProxy(
  () =>
    startFakeOllama({
      respond: ({ body }) => ({
        fault: { kind: 'hang', ...(body?.['stream'] ? { afterLines: 2 } : {}) },
      }),
    }),
  (started) => (proxy = started),
);

const chat = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello?' }] };

test.each([
  // Long enough for what it takes to reach the proxy, which begins to count then.
  ['of seconds', 3000],
  ['of less than one', 300],
])('a time-out %s that the SDK of OpenAI was given for a call is one', async (name, timeout) => {
  const app = name.replaceAll(' ', '-');
  const client = new OpenAI({
    ...{ apiKey: 'none', baseURL: `${proxy.url}/v1`, maxRetries: 0 },
    defaultHeaders: { 'x-llm-monitor-app': app },
  });
  await expect(client.chat.completions.create(chat, { timeout })).rejects.toThrow('timed out');
  expect(await proxy.endOf(app)).toMatchObject({
    outcome: 'timeout',
    error: { type: 'TimeoutError' },
  });
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
  expect(await proxy.endOf('silent')).toMatchObject({
    ...{ outcome: 'timeout', chunks: 2 },
    error: { type: 'TimeoutError', message: expect.stringContaining('400 ms') },
  });
});

test('one that leaves before has changed its mind', async () => {
  await ask('leaving', (answer) => answer.body!.getReader().read());
  expect(await proxy.endOf('leaving')).toMatchObject({
    outcome: 'cancelled',
    cancelledBy: 'client',
  });
});
