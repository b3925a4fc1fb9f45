import { createMonitor, queryOllamaMonitored, type MonitorOptions } from '@llm-monitor/client';
import defaultOllama, { Ollama } from '@llm-monitor/client/ollama';
import { Ollama as BrowserOllama } from '@llm-monitor/client/ollama/browser';
import { subjects } from '@llm-monitor/contracts/bus';
import {
  Envelope,
  HeartbeatData,
  ProgressData,
  RequestEndedData,
  RequestFirstTokenData,
  RequestStartedData,
  SENT_AT_HEADER,
} from '@llm-monitor/contracts/events';
import type { FakeOllamaOptions } from '@llm-monitor/fake-ollama';
import bareDefault, { Ollama as Bare } from 'ollama';
import { Ollama as BareBrowser } from 'ollama/browser';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { Collected, EventCollector } from '../helpers/collect-events.ts';
import { startFakeOllama } from '../helpers/fake-ollama.ts';
import type { NatsServer } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { useBus } from '../helpers/use-bus.ts';

let nats: NatsServer;
let events: EventCollector;
useBus((bus) => ({ nats, events } = bus));

/** A server and a monitored client of one app, both closed with the test. */
async function setUp(app: string, server: FakeOllamaOptions = {}, options: MonitorOptions = {}) {
  const fake = await startFakeOllama(server);
  const monitor = createMonitor({ app, natsUrl: nats.url, ...options });
  onTestFinished(async () => {
    await monitor.close();
    await fake.close();
  });
  return { fake, monitor, ollama: new Ollama({ host: fake.url, monitor }) };
}

async function readAll<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

const user = (content: string) => [{ role: 'user', content }];

/** Checks a message against its schema, and that it says where it was sent from. */
function expectValid(schema: TSchema, message: Collected<unknown>) {
  expect([...Value.Errors(Envelope, message.event)]).toEqual([]);
  expect([...Value.Errors(schema, message.event.data)]).toEqual([]);
  expect(Date.parse(message.headers?.get(SENT_AT_HEADER) ?? '')).toBeGreaterThan(0);
}

describe('the events of a call', () => {
  test('say what was asked, when the first token came and how it ended', async () => {
    const app = 'events whole/story';
    const { ollama } = await setUp(app, {
      respond: () => ({
        thinking: ['Let me see'],
        content: ['Blue', ' of course'],
        tokenDelayMs: 20,
        firstTokenDelayMs: 40,
      }),
    });
    await readAll(
      await ollama.chat({
        model: 'llama3.2:3b',
        messages: [{ role: 'system', content: 'Be brief.' }, ...user('Why is the sky blue?')],
        stream: true,
        keep_alive: '5m',
        options: { temperature: 0.5, num_predict: 64, top_k: 10 },
        tools: [
          { type: 'function', function: { name: 'weather', parameters: { secret: 'argument' } } },
        ] as never,
      }),
    );
    const [call] = await events.endedCalls(app);
    const [started, firstToken, ended] = [call?.started[0], call?.firstToken[0], call?.ended[0]];
    if (!started || !firstToken || !ended) throw new Error('an event is missing');
    expectValid(RequestStartedData, started);
    expectValid(RequestFirstTokenData, firstToken);
    expectValid(RequestEndedData, ended);
    expect(started.subject).toBe('llm.request.started.events_whole_story.llama3_2_3b');
    expect(started.headers?.get('Nats-Msg-Id')).toBe(`${call?.requestId}:start`);
    expect(ended.headers?.get('Nats-Msg-Id')).toBe(`${call?.requestId}:end`);
    const asked = {
      app,
      provider: 'ollama',
      model: 'llama3.2:3b',
      operation: 'chat',
      stream: true,
      serverAddress: '127.0.0.1',
      promptPreview: 'Why is the sky blue?',
      promptChars: 29,
      parameters: { temperature: 0.5, maxTokens: 64, topK: 10 },
      toolNames: ['weather'],
      keepAlive: '5m',
    };
    expect(started.event.data).toMatchObject(asked);
    expect(ended.event.data).toMatchObject({
      ...asked,
      startedAt: started.event.data.startedAt,
      outcome: 'completed',
      finishReason: 'stop',
      usage: { inputTokens: expect.any(Number), outputTokens: 3, source: 'server' },
      chunks: 3,
      outputChars: 24,
      responsePreview: 'Blue of course',
    });
    const { ttftMs = 0, durationMs } = ended.event.data;
    expect(firstToken.event.data.ttftMs).toBe(ttftMs);
    expect(ttftMs).toBeGreaterThan(35);
    expect(durationMs).toBeGreaterThan(ttftMs);
    expect(JSON.stringify(call)).not.toContain('secret');
  });

  test('tell a load, an unload and an embedding from an inference', async () => {
    const { ollama } = await setUp('events-operations');
    await ollama.generate({ model: 'm', prompt: '' });
    await ollama.chat({ model: 'm', messages: [], keep_alive: 0 });
    await ollama.embed({ model: 'm', input: 'text' });
    await ollama.embeddings({ model: 'm', prompt: 'text' });
    const calls = await events.endedCalls('events-operations', 4);
    expect(calls.map((call) => call.ended[0]?.event.data.operation)).toEqual([
      'load',
      'unload',
      'embed',
      'embed',
    ]);
    expect(calls.every((call) => call.ended[0]?.event.data.outcome === 'completed')).toBe(true);
    expect(calls[3]?.ended[0]?.event.data.usage).toEqual({ source: 'none' });
  });

  test('count images and never carry them, nor a password', async () => {
    const { fake, monitor } = await setUp('events-secrets');
    const host = fake.url.replace('http://', 'http://joe:hunter2@');
    const image = Buffer.alloc(300, 7);
    const ollama = new Ollama({ host, monitor, headers: { Authorization: 'Bearer tok-secret' } });
    await ollama
      .chat({ model: 'm', messages: [{ role: 'user', content: 'look', images: [image] }] })
      .catch(() => undefined);
    const [call] = await events.endedCalls('events-secrets');
    expect(call?.started[0]?.event.data).toMatchObject({ imageCount: 1, imageBytes: 300 });
    const said = JSON.stringify(call);
    expect(said).not.toContain(image.toString('base64').slice(0, 40));
    expect(said).not.toContain('hunter2');
    expect(said).not.toContain('tok-secret');
  });

  test('cut a prompt to 200 characters and never through a character', async () => {
    const { ollama } = await setUp('events-preview');
    await ollama.generate({ model: 'm', prompt: `${'a'.repeat(199)}🙂${'b'.repeat(100)}` });
    const [call] = await events.endedCalls('events-preview');
    expect(call?.started[0]?.event.data.promptPreview).toBe(`${'a'.repeat(199)}…`);
    expect(call?.started[0]?.event.data.promptChars).toBe(301);
  });

  test('carry no text at all when capture is off, and only redacted text when a hook redacts', async () => {
    const off = await setUp('events-off', {}, { capture: 'off' });
    await off.ollama.generate({ model: 'm', prompt: 'my secret' });
    const hooked = await setUp(
      'events-hook',
      {},
      { redact: (text) => text.replace(/sky/g, '***') },
    );
    await hooked.ollama.generate({ model: 'm', prompt: 'the sky' });
    const [silent] = await events.endedCalls('events-off');
    expect(JSON.stringify(silent)).not.toMatch(/my secret|sky/);
    const [redacted] = await events.endedCalls('events-hook');
    expect(redacted?.ended[0]?.event.data.promptPreview).toBe('the ***');
    expect(redacted?.ended[0]?.event.data.responsePreview).toContain('The *** is blue');
  });

  test('lose their text, and nothing else, when the hook throws', async () => {
    const redact = () => {
      throw new Error('broken hook');
    };
    const { ollama } = await setUp('events-broken-hook', {}, { redact });
    const { response } = await ollama.generate({ model: 'm', prompt: 'hello' });
    expect(response).toContain('sky');
    const [call] = await events.endedCalls('events-broken-hook');
    expect(call?.ended[0]?.event.data.outcome).toBe('completed');
    expect(call?.ended[0]?.event.data.promptPreview).toBeUndefined();
  });

  test('say what a 5 MB prompt was about without reading all of it', async () => {
    const { ollama } = await setUp('events-huge');
    const content = `Summarise:${' x'.repeat(2_500_000)}`;
    await ollama.generate({ model: 'm', prompt: content, options: { temperature: 1 } });
    const [call] = await events.endedCalls('events-huge');
    const data = call?.ended[0]?.event.data;
    expect(data).toMatchObject({ model: 'm', operation: 'generate', outcome: 'completed' });
    expect(data?.promptPreview).toMatch(/^Summarise:[ x]+…$/);
    expect(data?.promptChars).toBeGreaterThan(5_000_000);
  });

  test('leave out what the server did not count', async () => {
    const { ollama } = await setUp('events-uncounted', {
      respond: () => ({
        content: ['a', 'b'],
        final: { eval_count: undefined, prompt_eval_count: undefined },
      }),
    });
    await readAll(await ollama.generate({ model: 'm', prompt: 'x', stream: true }));
    await ollama.generate({ model: 'm', prompt: 'x' });
    const calls = await events.endedCalls('events-uncounted', 2);
    expect(calls.map((call) => call.ended[0]?.event.data.usage)).toEqual([
      { outputTokens: 2, source: 'estimate' },
      { source: 'none' },
    ]);
  });

  test('end as abandoned when nobody reads the stream', async () => {
    const { ollama } = await setUp('events-abandoned', {}, { abandonAfterMs: 30 });
    await ollama.generate({ model: 'm', prompt: 'x', stream: true });
    const [call] = await events.endedCalls('events-abandoned');
    expect(call?.ended[0]?.subject).toContain('.cancelled.');
    expect(call?.ended[0]?.event.data.outcome).toBe('abandoned');
  });

  test('mark demo traffic in every event', async () => {
    const { ollama } = await setUp('events-demo', {}, { demo: true });
    await readAll(await ollama.generate({ model: 'm', prompt: 'x', stream: true }));
    const [call] = await events.endedCalls('events-demo');
    const all = [...(call?.started ?? []), ...(call?.firstToken ?? []), ...(call?.ended ?? [])];
    expect(all.map((one) => one.event.data.demo)).toEqual([true, true, true]);
  });
});

describe('while a call runs', () => {
  test('progress rises, at most four times a second, and heartbeats name the call', async () => {
    const app = 'events-running';
    const { ollama } = await setUp(
      app,
      { respond: () => ({ content: Array.from({ length: 60 }, () => 'word '), tokenDelayMs: 20 }) },
      { heartbeatIntervalMs: 200 },
    );
    await readAll(await ollama.generate({ model: 'm', prompt: 'x', stream: true }));
    const [call] = await events.endedCalls(app);
    const progress = events.progress(app);
    for (const one of progress) expectValid(ProgressData, one);
    const chunks = progress.map((one) => one.event.data.chunks);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks).toEqual(chunks.toSorted((a, b) => a - b));
    const { durationMs = 0 } = call?.ended[0]?.event.data ?? {};
    expect(chunks.length).toBeLessThanOrEqual(durationMs / 250);
    expect(progress.at(-1)?.event.data.tokensPerSecond).toBeGreaterThan(1);
    const beats = events.heartbeats(app);
    for (const beat of beats) expectValid(HeartbeatData, beat);
    expect(beats[0]?.event.data.runningRequestIds).toEqual([call?.requestId]);
    // The first heartbeat comes right behind the first start.
    const order = events.all.filter((one) => one.event.data['app'] === app);
    expect(order[0]?.subject).toContain('.started.');
    expect(order.indexOf(beats[0] as never)).toBeLessThanOrEqual(2);
  });

  test('a clean end says goodbye', async () => {
    const app = 'events-goodbye';
    const { ollama, monitor } = await setUp(app);
    await ollama.generate({ model: 'm', prompt: 'x' });
    await monitor.close();
    const last = await waitFor('the last heartbeat', () => events.heartbeats(app).at(-1));
    expect(last.event.data).toMatchObject({ stopping: true, running: 0, runningRequestIds: [] });
    expect(last.subject).toBe(subjects.heartbeat(app, monitor.instance));
  });
});

describe('the drop-in', () => {
  test('is an Ollama of the original package', () => {
    expect(new Ollama()).toBeInstanceOf(Bare);
    expect(defaultOllama).toBeInstanceOf(Bare);
    expect(new BrowserOllama()).toBeInstanceOf(BareBrowser);
    expect(Object.keys(defaultOllama)).toEqual(Object.keys(bareDefault));
  });

  test('gives the same class of stream object, with nothing more to see', async () => {
    const { fake, ollama } = await setUp('drop-in-iterator');
    const request = { model: 'm', prompt: 'x', stream: true } as const;
    const ours = await ollama.generate({ ...request });
    const theirs = await new Bare({ host: fake.url }).generate({ ...request });
    expect(Object.getPrototypeOf(ours)).toBe(Object.getPrototypeOf(theirs));
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    const [a, b] = [ours[Symbol.asyncIterator](), theirs[Symbol.asyncIterator]()];
    expect(Object.prototype.toString.call(a)).toBe(Object.prototype.toString.call(b));
    expect(await a.return(undefined)).toEqual(await b.return(undefined));
  });

  test('aborts the request of an abandoned loop only when asked to', async () => {
    const { fake, ollama, monitor } = await setUp('drop-in-break', {
      respond: () => ({ content: Array.from({ length: 5 }, () => 'x'), tokenDelayMs: 20 }),
    });
    const aborting = new Ollama({ host: fake.url, monitor, abortOnBreak: true });
    for (const client of [ollama, aborting]) {
      for await (const _ of await client.generate({ model: 'm', prompt: 'x', stream: true })) break;
    }
    await waitFor('the second request to be gone', () => fake.requests[1]?.disconnected);
    await waitFor('the first request to be answered', () => fake.requests[0]?.finished);
    expect(fake.requests[0]?.disconnected).toBe(false);
  });

  test('does nothing at all when it is disabled', async () => {
    const { ollama } = await setUp('drop-in-disabled', {}, { disabled: true });
    const { response } = await ollama.generate({ model: 'm', prompt: 'x' });
    expect(response).toContain('sky');
    const { ollama: enabled } = await setUp('drop-in-enabled');
    await enabled.generate({ model: 'm', prompt: 'x' });
    await events.endedCalls('drop-in-enabled');
    expect(events.calls('drop-in-disabled')).toEqual([]);
  });
});

describe('queryOllamaMonitored', () => {
  test('resolves to the whole answer of mistral', async () => {
    const { fake, monitor } = await setUp('query-answer');
    const answer = await queryOllamaMonitored('Why?', { host: fake.url, monitor });
    expect(answer).toBe('The sky is blue because air scatters light.');
    const [call] = await events.endedCalls('query-answer');
    expect(call?.ended[0]?.event.data).toMatchObject({ model: 'mistral', outcome: 'completed' });
  });

  test.each([
    { fault: { kind: 'hang' as const } },
    { fault: { kind: 'hang' as const, afterLines: 2 } },
  ])(
    'ends with a TimeoutError, recorded as a time-out, when the time is over: %j',
    async (script) => {
      const app = `query-timeout-${script.fault.afterLines ?? 'headers'}`;
      const { fake, monitor } = await setUp(app, { respond: () => script });
      await expect(
        queryOllamaMonitored('Why?', { host: fake.url, monitor, timeout: 0.2 }),
      ).rejects.toMatchObject({ name: 'TimeoutError' });
      const [call] = await events.endedCalls(app);
      expect(call?.ended[0]?.event.data).toMatchObject({
        outcome: 'timeout',
        error: { type: 'TimeoutError' },
      });
      await waitFor('the server to be let go', () => fake.requests[0]?.disconnected);
    },
  );

  test('throws what Ollama says', async () => {
    const { fake, monitor } = await setUp('query-missing', { models: ['phi3'] });
    await expect(queryOllamaMonitored('Why?', { host: fake.url, monitor })).rejects.toMatchObject({
      name: 'ResponseError',
      message: "model 'mistral' not found",
      status_code: 404,
    });
  });
});
