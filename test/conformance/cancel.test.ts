import { setTimeout as delay } from 'node:timers/promises';

import { createMonitor, type MonitorOptions } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import { subjects } from '@llm-monitor/contracts/bus';
import type { Script } from '@llm-monitor/fake-ollama';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Ollama as BareOllama } from 'ollama';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { collectEvents, type EventCollector } from '../helpers/collect-events.ts';
import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';

let nats: NatsServer;
let events: EventCollector;
let bus: NatsConnection;
beforeAll(async () => {
  nats = await startNats();
  events = await collectEvents(nats.url);
  bus = await connect({ servers: nats.url });
});
afterAll(async () => {
  await bus.close();
  await events.stop();
  await nats.stop();
});

const HANGS: Script = { fault: { kind: 'hang', afterLines: 4 } };
const SILENT: Script = { fault: { kind: 'hang' } };
const chat = { model: 'm', messages: [{ role: 'user', content: 'Why?' }] };

async function setUp(app: string, script: Script, options: MonitorOptions = {}) {
  const server = await startFakeOllama({ respond: () => script });
  const monitor = createMonitor({ natsUrl: nats.url, app, ...options });
  onTestFinished(async () => {
    await monitor.close();
    await server.close();
  });
  const ollama = new Ollama({ host: server.url, monitor });
  const cancel = async (requestId: string | undefined, by = 'dashboard') =>
    (
      await bus.request(subjects.cancel(app, monitor.instance), JSON.stringify({ requestId, by }), {
        timeout: 2000,
      })
    ).json();
  const started = (count = 1) =>
    waitFor(`${count} started calls of ${app}`, () => {
      const calls = events.calls(app);
      return calls.length >= count && monitor.state().running >= count && calls;
    });
  return { server, monitor, ollama, cancel, started };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ resolved: true }),
    (error: Error) => ({ name: error.name, message: error.message, is: error.constructor.name }),
  );

const read = async (ollama: BareOllama) => {
  for await (const part of await ollama.chat({ ...chat, stream: true }))
    expect(part.model).toBe('m');
};

/** What a program sees whose own code aborts. */
async function abortedByItself(script: Script): Promise<unknown> {
  const server = await startFakeOllama({ respond: () => script });
  onTestFinished(() => server.close());
  const ollama = new BareOllama({ host: server.url });
  const reading = failure(read(ollama));
  await waitFor('the request to be there', () => server.requests.length > 0);
  await delay(100);
  ollama.abort();
  return await reading;
}

test('a stream is aborted alone, as if the app had done it, and told with who asked', async () => {
  const app = 'cancel stream';
  const { server, ollama, cancel, started } = await setUp(app, HANGS);
  const [one, two] = [failure(read(ollama)), failure(read(ollama))];
  const [first] = await started(2);
  expect(await cancel(first?.requestId)).toEqual({ aborted: true });
  expect(await Promise.race([one, two])).toEqual(await abortedByItself(HANGS));
  const [ended] = await events.endedCalls(app);
  expect(ended?.ended[0]?.event.data).toMatchObject({
    ...{ requestId: first?.requestId, outcome: 'cancelled', cancelledBy: 'dashboard' },
  });
  await waitFor(
    'the server to see one leave',
    () => server.requests.filter((r) => r.disconnected).length === 1,
  );
  expect(events.calls(app).filter((call) => call.ended.length > 0)).toHaveLength(1);
  ollama.abort();
  await Promise.all([one, two]);
});

test('a call that still waits for its answer is aborted too, streamed or not', async () => {
  const app = 'cancel waiting';
  const { server, ollama, cancel, started } = await setUp(app, SILENT);
  const waiting = [failure(ollama.chat(chat)), failure(read(ollama))];
  for (const call of await started(2))
    expect(await cancel(call.requestId)).toEqual({ aborted: true });
  for (const end of await Promise.all(waiting)) {
    expect(end).toEqual({
      ...{ name: 'AbortError', message: 'This operation was aborted', is: 'DOMException' },
    });
  }
  await waitFor('the server to see both leave', () => server.requests.every((r) => r.disconnected));
});

test("a call through the app's own fetch cannot be stopped before it answers, and can be after", async () => {
  const app = 'cancel custom';
  const { server, monitor, cancel, started } = await setUp(app, SILENT);
  const own = new Ollama({ host: server.url, monitor, fetch: (...args) => fetch(...args) });
  const controller = new AbortController();
  const waiting = failure(
    monitor.fetch((...args) => fetch(...args))(`${server.url}/api/chat`, {
      ...{ method: 'POST', body: JSON.stringify(chat), signal: controller.signal },
    }),
  );
  const [call] = await started();
  expect(await cancel(call?.requestId)).toMatchObject({
    aborted: false,
    reason: expect.stringMatching(/fetch of its own/),
  });
  controller.abort();
  await waiting;
  const answering = await startFakeOllama({ respond: () => HANGS });
  onTestFinished(() => answering.close());
  const streaming = new Ollama({
    ...own['config'],
    host: answering.url,
    monitor,
    fetch: (...args) => fetch(...args),
  });
  const reading = failure(read(streaming));
  const second = await waitFor('a first token', () =>
    events.calls(app).find((one) => one.firstToken.length > 0),
  );
  expect(await cancel(second.requestId)).toEqual({ aborted: true });
  expect(await reading).toMatchObject({ name: 'AbortError' });
});

test('a tracked call gets its signal aborted', async () => {
  const app = 'cancel tracked';
  const { monitor, cancel, started } = await setUp(app, SILENT);
  const running = failure(
    monitor.trackRequest({ model: 'm' }, ({ signal }) => delay(60_000, undefined, { signal })),
  );
  const [call] = await started();
  expect(await cancel(call?.requestId, 'api')).toEqual({ aborted: true });
  expect(await running).toMatchObject({ name: 'AbortError' });
  const [ended] = await events.endedCalls(app);
  expect(ended?.ended[0]?.event.data).toMatchObject({ outcome: 'cancelled', cancelledBy: 'api' });
});

test('a call that is not there, and a command that is none, are answered with why', async () => {
  const app = 'cancel nothing';
  const { ollama, monitor, cancel, started } = await setUp(app, SILENT);
  const waiting = failure(ollama.chat(chat));
  await started();
  expect(await cancel('no-such-request')).toMatchObject({
    aborted: false,
    reason: expect.stringMatching(/No such call/),
  });
  for (const payload of ['', '{', 'null', '{"requestId":1}', '[]']) {
    const subject = subjects.cancel(app, monitor.instance);
    const answer = await bus.request(subject, payload, { timeout: 10_000 });
    expect(answer.json()).toMatchObject({
      aborted: false,
      reason: expect.stringMatching(/must be/),
    });
  }
  ollama.abort();
  for (const call of events.calls(app)) await cancel(call.requestId);
  await waiting;
});

test('who has switched it off is not reached', async () => {
  const app = 'cancel off';
  const { ollama, cancel, started } = await setUp(app, SILENT, { cancel: false });
  const limit = AbortSignal.timeout(60_000);
  const waiting = failure(ollama.chat(chat));
  const [call] = await started();
  await expect(cancel(call?.requestId)).rejects.toThrow(/timeout|no responders/i);
  expect(limit.aborted).toBe(false);
  expect(events.calls(app)[0]?.ended).toEqual([]);
  waiting.catch(() => undefined);
});
