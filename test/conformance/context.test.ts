import { setTimeout as delay } from 'node:timers/promises';

import { createMonitor, withContext } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import type { Script } from '@llm-monitor/fake-ollama';
import { expect, onTestFinished, test } from 'vitest';

import type { EventCollector } from '../helpers/collect-events.ts';
import { startFakeOllama } from '../helpers/fake-ollama.ts';
import type { NatsServer } from '../helpers/start-nats.ts';
import { useBus } from '../helpers/use-bus.ts';

let nats: NatsServer;
let events: EventCollector;
useBus((bus) => ({ nats, events } = bus));

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const chat = { model: 'm', messages: [{ role: 'user', content: 'Why?' }] };

async function setUp(app: string, respond: () => Script = () => ({})) {
  const server = await startFakeOllama({ respond });
  const monitor = createMonitor({ natsUrl: nats.url, app, tags: ['team:a'] });
  onTestFinished(async () => {
    await monitor.close();
    await server.close();
  });
  const post = (headers: Record<string, string> = {}, body: unknown = { ...chat, stream: false }) =>
    monitor
      .fetch()(`${server.url}/api/chat`, {
        ...{ method: 'POST', headers, body: JSON.stringify(body) },
      })
      .then((response) => response.text());
  return { server, monitor, ollama: new Ollama({ host: server.url, monitor }), post };
}

test('a session, a user and tags are in every event of what is called inside, also later', async () => {
  const app = 'context';
  const { ollama, monitor } = await setUp(app);
  const value = await withContext({ sessionId: 's-1', userId: 'u-1', tags: ['one'] }, async () => {
    await delay(5);
    for await (const part of await ollama.chat({ ...chat, stream: true }))
      expect(part.model).toBe('m');
    await withContext({ userId: 'u-2', tags: ['two'] }, () =>
      monitor.trackRequest({ model: 'inner' }, () => delay(1)),
    );
    return 'value';
  });
  expect(value).toBe('value');
  await ollama.chat(chat);
  const [outer, inner, outside] = await events.endedCalls(app, 3);
  for (const one of [outer?.started[0], outer?.firstToken[0], outer?.ended[0]]) {
    expect(one?.event.data).toMatchObject({
      ...{ sessionId: 's-1', userId: 'u-1', tags: ['team:a', 'one'] },
    });
  }
  expect(inner?.ended[0]?.event.data).toMatchObject({
    ...{ sessionId: 's-1', userId: 'u-2', tags: ['team:a', 'one', 'two'] },
  });
  const data = outside?.ended[0]?.event.data;
  expect(data).toMatchObject({ tags: ['team:a'] });
  expect(data).not.toHaveProperty('sessionId');
});

test('what is thrown inside is thrown, and nonsense as a context spoils no event', async () => {
  const app = 'context nonsense';
  const { post } = await setUp(app);
  const error = new Error('inside');
  expect(() =>
    withContext({}, () => {
      throw error;
    }),
  ).toThrow(error);
  const scope = { sessionId: 7, userId: {}, tags: ['ok', 5, 'x'.repeat(300)], traceparent: 1n };
  await withContext(scope as never, () => post());
  await withContext(undefined as never, () => post());
  const [first] = await events.endedCalls(app, 2);
  expect(first?.ended[0]?.event.data).toMatchObject({
    ...{ sessionId: '7', tags: ['team:a', 'ok', 'x'.repeat(256)] },
  });
});

test('the trace that a call belongs to is carried: from its headers, its context, or OpenTelemetry', async () => {
  const app = 'context trace';
  const { post } = await setUp(app);
  await post({ TraceParent: TRACE });
  await withContext({ traceparent: TRACE.replace('b7ad', 'aaaa') }, () => post());
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'bbbb6b7169203331',
    traceFlags: 0,
  };
  const api = Symbol.for('opentelemetry.js.api.1');
  const active = () => ({ getValue: () => ({ spanContext: () => span }) });
  Object.assign(globalThis, { [api]: { context: { active } } });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, api));
  await post();
  const seen = (await events.endedCalls(app, 3)).map(
    (call) => call.ended[0]?.event.data.traceparent,
  );
  expect(seen).toEqual([
    TRACE,
    TRACE.replace('b7ad', 'aaaa'),
    `00-${span.traceId}-${span.spanId}-00`,
  ]);
});

test('case 46: attempts that an SDK repeats are one event each, under one logical id', async () => {
  const app = 'context retries';
  let failures = 2;
  const { post } = await setUp(app, () =>
    failures-- > 0 ? { fault: { kind: 'http', status: 503, error: 'busy' } } : {},
  );
  for (let attempt = 0; attempt < 3; attempt += 1) await post();
  await post();
  const calls = await events.endedCalls(app, 4);
  const ids = calls.map((call) => call.ended[0]?.event.data.logicalId);
  expect(calls.map((call) => call.ended[0]?.event.data.outcome)).toEqual([
    ...['error', 'error', 'completed', 'completed'],
  ]);
  expect(ids).toEqual([calls[0]?.requestId, calls[0]?.requestId, calls[0]?.requestId, undefined]);
});

test('case 46: an SDK that counts its attempts is believed', async () => {
  const app = 'context counted';
  let failures = 1;
  const { post } = await setUp(app, () =>
    failures-- > 0 ? { fault: { kind: 'http', status: 429, error: 'slow down' } } : {},
  );
  await post({ 'x-stainless-retry-count': '0', 'x-stainless-timeout': '600' });
  // Another call, which happens to say the same.
  await post({ 'x-stainless-retry-count': '0' });
  await post({ 'X-Stainless-Retry-Count': '1' });
  const [first, other, second] = await events.endedCalls(app, 3);
  expect(first?.started[0]?.event.data).toMatchObject({
    ...{ logicalId: first?.requestId, timeoutMs: 600_000 },
  });
  expect(other?.started[0]?.event.data.logicalId).toBe(other?.requestId);
  expect(second?.started[0]?.event.data.logicalId).toBe(first?.requestId);
});

test('a refusal that another attempt would not change is nobody’s attempt', async () => {
  const app = 'context refused';
  const { post } = await setUp(app, () => ({ fault: { kind: 'http', status: 400, error: 'bad' } }));
  await post();
  await post();
  for (const call of await events.endedCalls(app, 2)) {
    expect(call.ended[0]?.event.data).not.toHaveProperty('logicalId');
  }
});
