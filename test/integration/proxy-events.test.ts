import { gzipSync } from 'node:zlib';

import { createMonitor } from '@llm-monitor/client';
import { Ollama as MonitoredOllama } from '@llm-monitor/client/ollama';
import { subjects } from '@llm-monitor/contracts/bus';
import type { CancelReply } from '@llm-monitor/contracts/events';
import { connect } from '@nats-io/transport-node';
import { Ollama } from 'ollama';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { collectEvents, type EventCollector } from '../helpers/collect-events.ts';
import { startFakeOllama, type RunningFakeOllama, type Script } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import { done, whole } from '../helpers/http-bytes.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';
import { startRawServer } from '../helpers/raw-server.ts';
import { waitFor } from '../helpers/wait-for.ts';

const MESSAGES = [{ role: 'user', content: 'Why is the sky blue?' }];
const KEY = 'sk-very-secret-0123456789';
const CALLERS = JSON.stringify({
  keys: { [KEY]: 'billing' },
  addresses: { '127.0.0.0/8': 'local' },
});

describe('what the proxy tells of calls', () => {
  let nats: NatsServer;
  let events: EventCollector;
  let server: RunningFakeOllama;
  let proxy: RunningProxy;
  let script: Script;
  beforeAll(async () => {
    nats = await startNats();
    events = await collectEvents(nats.url);
    server = await startFakeOllama({ respond: () => script });
    proxy = await startProxy(server.url, { NATS_URL: nats.url, PROXY_CALLERS: CALLERS });
  });
  afterAll(async () => {
    await proxy.agent.stop();
    await server.close();
    await events.stop();
    await nats.stop();
  });
  beforeEach(() => {
    script = {};
    events.all.splice(0);
  });

  /** The last call: the agent, too, asks a server that it passes calls on to, while they run. */
  const isLeft = () => server.requests.findLast(({ method }) => method === 'POST')!.disconnected;
  const post = (headers: Record<string, string>, body: unknown, path = '/api/chat') =>
    fetch(`${proxy.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });

  test('a program that knows nothing of the monitor is seen, with all its numbers', async () => {
    const ollama = new Ollama({ host: proxy.url });
    let text = '';
    const stream = await ollama.chat({ model: 'llama3.2:3b', messages: MESSAGES, stream: true });
    for await (const part of stream) text += part.message.content;
    expect(text).toContain('The sky is blue');
    const [call] = await events.endedCalls('local');
    expect(call!.started[0]!.event.data).toMatchObject({
      model: 'llama3.2:3b',
      promptPreview: 'Why is the sky blue?',
      host: 'proxy-host',
      serverAddress: '127.0.0.1',
      serverPort: Number(new URL(server.url).port),
    });
    expect(call!.firstToken).toHaveLength(1);
    expect(call!.ended[0]!.event.data).toMatchObject({
      outcome: 'completed',
      responsePreview: text,
      usage: { source: 'server' },
    });
  });

  test.each([
    ['its own word', { 'x-llm-monitor-app': 'named', authorization: `Bearer ${KEY}` }, 'named'],
    ['its bearer key', { authorization: `Bearer ${KEY}` }, 'billing'],
    ['its API key', { 'x-api-key': KEY }, 'billing'],
    ['its address, with a key that nobody knows', { authorization: 'Bearer other' }, 'local'],
  ])('a caller is named by %s, and no key is told', async (_, headers, app) => {
    const more = {
      ...{ 'x-llm-monitor-session-id': 's-1', 'x-llm-monitor-user-id': 'ü' },
      ...{ 'x-llm-monitor-tags': 'a, b', 'content-type': 'application/json' },
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    const utf8 = { ...more, 'x-llm-monitor-user-id': Buffer.from('ü').toString('latin1') };
    const body = { model: 'm:1', messages: MESSAGES, stream: false };
    await (await post({ ...utf8, ...headers } as Record<string, string>, body)).text();
    const [call] = await events.endedCalls(app);
    expect(call!.ended[0]!.event.data).toMatchObject({
      ...{ app, sessionId: 's-1', userId: 'ü', tags: ['a', 'b'] },
      traceparent: more.traceparent,
    });
    expect(JSON.stringify(events.all)).not.toMatch(/sk-very|Bearer/);
    expect(proxy.agent.output()).not.toMatch(/sk-very|Bearer/);
  });

  test('case 47: client, register and proxy at once make one request', async () => {
    const dist = `${projectRoot()}/packages/client/dist`;
    const program = startProgram(
      process.execPath,
      [
        ...['--import', `${dist}/register.js`],
        `${projectRoot()}/test/conformance/programs/call-ollama.mjs`,
      ],
      {
        env: {
          ...{
            CLIENT: `${dist}/ollama/index.js`,
            HOST: proxy.url,
            LLM_MONITOR_APP: 'three-in-one',
          },
          ...{ LLM_MONITOR_NATS_URL: nats.url },
        },
      },
    );
    expect(await program.exited).toBe(0);
    expect(program.output()).toContain('done');
    await events.endedCalls('three-in-one', 1);
    expect(server.requests.some((one) => one.headers['x-llm-monitor-request-id'])).toBe(true);
    // Events of the agent take the same way: one for a call of its own comes after all that it could have said before.
    await (await post({ 'x-llm-monitor-app': 'last' }, { model: 'm', stream: false })).text();
    await events.endedCalls('last');
    const told = events.all.filter(({ subject }) => subject.startsWith('llm.request.'));
    const apps = new Set(told.map(({ event }) => event.data['app']));
    expect(apps).toEqual(new Set(['three-in-one', 'last']));
    const calls = events.calls('three-in-one');
    const sent = server.requests.filter(
      (one) => one.headers['x-llm-monitor-app'] === 'three-in-one',
    );
    expect(calls).toHaveLength(sent.length);
    for (const { started, ended } of calls) {
      expect([started.length, ended.length]).toEqual([1, 1]);
    }
  });

  test('case 47: the drop-in alone and the proxy make one request, which its client can cancel', async () => {
    script = { content: ['a', 'b'], fault: { kind: 'hang', afterLines: 1 } };
    const monitor = createMonitor({ natsUrl: nats.url, app: 'drop-in' });
    const ollama = new MonitoredOllama({ host: proxy.url, monitor });
    const stream = await ollama.chat({ model: 'm:1', messages: MESSAGES, stream: true });
    const reading = (async () => {
      for await (const part of stream) if (part.message.content === 'a') stream.abort();
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await waitFor('the server to be left', isLeft);
    const [call] = await events.endedCalls('drop-in');
    expect(call!.ended[0]!.event.data).toMatchObject({ outcome: 'cancelled', cancelledBy: 'app' });
    expect(events.calls('local')).toEqual([]);
    await monitor.close();
  });

  test('a call is cancelled over the bus: both sides are cut, and the event says who asked', async () => {
    script = { content: ['a', 'b'], fault: { kind: 'hang', afterLines: 1 } };
    const answer = await post({}, { model: 'm:1', messages: MESSAGES });
    const reader = answer.body!.getReader();
    await reader.read();
    const started = await waitFor('the start', () => events.calls('local')[0]?.started[0]);
    const { requestId, instance } = started.event.data;
    const bus = await connect({ servers: nats.url });
    const command = JSON.stringify({ requestId, by: 'dashboard' });
    const reply = await bus.request(subjects.cancel('local', instance!), command);
    expect(reply.json<CancelReply>()).toEqual({ aborted: true });
    await expect(reader.read()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    await waitFor('the server to be left', isLeft);
    const [call] = await events.endedCalls('local');
    expect(call!.ended[0]!.event.data).toMatchObject({
      outcome: 'cancelled',
      cancelledBy: 'dashboard',
    });
    const again = await bus.request(subjects.cancel('local', instance!), command);
    expect(again.json<CancelReply>()).toMatchObject({ aborted: false });
    await bus.close();
  });

  test('a client that leaves has cancelled, and a server that is down is an error', async () => {
    script = { content: ['a'], fault: { kind: 'hang', afterLines: 1 } };
    const leaving = new AbortController();
    const body = JSON.stringify({ model: 'm:1', messages: MESSAGES });
    const { signal } = leaving;
    const answer = await fetch(`${proxy.url}/api/chat`, { method: 'POST', body, signal });
    await answer.body!.getReader().read();
    leaving.abort();
    const [left] = await events.endedCalls('local');
    expect(left!.ended[0]!.event.data).toMatchObject({
      outcome: 'cancelled',
      cancelledBy: 'client',
    });
    events.all.splice(0);
    const down = await startProxy(`http://127.0.0.1:${await freePort()}`, {
      NATS_URL: nats.url,
    });
    const refused = await fetch(`${down.url}/api/chat`, { method: 'POST', body });
    expect(refused.status).toBe(502);
    expect(await refused.json()).toEqual({
      error: expect.stringMatching(/could not connect to 127.*ECONNREFUSED.*ollama serve/),
    });
    const [failed] = await events.endedCalls('node');
    expect(failed!.ended[0]!.event.data).toMatchObject({ outcome: 'error' });
    await down.agent.stop();
  });

  test('an answer that is compressed is understood, and a prompt of megabytes passes whole', async () => {
    const raw = await startRawServer(() =>
      whole(gzipSync(JSON.stringify(done({ message: { role: 'assistant', content: 'hello' } }))), {
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      }),
    );
    const other = await startProxy(raw.url, { NATS_URL: nats.url });
    const content = 'é'.repeat(2_000_000);
    const body = JSON.stringify({ model: 'big:1', messages: [{ role: 'user', content }] });
    await (await fetch(`${other.url}/api/chat`, { method: 'POST', body })).text();
    // The agent itself asks the server for its models now and then.
    const sent = raw.requests.find(({ head }) => head[0]?.startsWith('POST'));
    expect(sent!.body.toString()).toBe(body);
    const [call] = await events.endedCalls('node');
    expect(call!.ended[0]!.event.data).toMatchObject({
      model: 'big:1',
      outcome: 'completed',
      responsePreview: 'hello',
    });
    await other.agent.stop();
    await raw.close();
  });

  test("each app's first call is followed by a heartbeat, so that a killed agent leaves a lease of each", async () => {
    const seldom = await startProxy(server.url, {
      NATS_URL: nats.url,
      LLM_MONITOR_HEARTBEAT_MS: '600000',
    });
    script = { fault: { kind: 'hang' } };
    const leaving = new AbortController();
    const calls: Promise<unknown>[] = [];
    for (const app of ['first app', 'second app']) {
      const headers = { 'x-llm-monitor-app': app };
      const body = JSON.stringify({ model: 'm', messages: MESSAGES });
      const init = { method: 'POST', headers, body, signal: leaving.signal };
      calls.push(fetch(`${seldom.url}/api/chat`, init).catch(() => undefined));
      await waitFor(`a heartbeat of ${app}`, () =>
        events.heartbeats(app).some(({ event }) => event.data.runningRequestIds.length === 1),
      );
    }
    leaving.abort();
    await Promise.all(calls);
    await seldom.agent.stop();
  });

  test('no app is said to run once its calls have ended, be it the first one that the proxy saw', async () => {
    const often = await startProxy(server.url, {
      NATS_URL: nats.url,
      LLM_MONITOR_HEARTBEAT_MS: '100',
    });
    script = { fault: { kind: 'hang' } };
    const saysOf = (app: string) => events.heartbeats(app).at(-1)?.event.data;
    for (const app of ['seen first', 'seen second']) {
      const leaving = new AbortController();
      const headers = { 'x-llm-monitor-app': app };
      const body = JSON.stringify({ model: 'm', messages: MESSAGES });
      const init = { method: 'POST', headers, body, signal: leaving.signal };
      const call = fetch(`${often.url}/api/chat`, init).catch(() => undefined);
      await waitFor(`a heartbeat of ${app}`, () => saysOf(app)?.running === 1);
      leaving.abort();
      await call;
      await waitFor(`the end of ${app}`, () => saysOf(app)?.stopping === true);
    }
    // Whoever beat on would have come between.
    expect(saysOf('seen first')).toMatchObject({ running: 0, stopping: true });
    await often.agent.stop();
  });

  test('calls pass while NATS is away from the start, and the agent ends well', async () => {
    const port = await freePort();
    const late = await startProxy(server.url, { NATS_URL: `nats://127.0.0.1:${port}` });
    const ollama = new Ollama({ host: late.url });
    const { message } = await ollama.chat({ model: 'm:1', messages: MESSAGES });
    expect(message.content).toContain('The sky');
    await late.agent.stop();
    expect(await late.agent.exited).toBe(0);
  });

  test('calls pass while NATS is dead, and are told when it is back', async () => {
    await nats.kill();
    const body = { model: 'm:1', messages: MESSAGES, stream: false };
    const answer = await post({ 'x-llm-monitor-app': 'patient' }, body);
    expect(answer.ok).toBe(true);
    await answer.text();
    await nats.restart();
    // The agent may be back before the listener is, so the stream is asked.
    const ended = await waitFor('its end', async () =>
      (await events.stored('patient')).find(({ id }) => id.endsWith(':end')),
    );
    expect(ended.data).toMatchObject({ outcome: 'completed' });
  });
});
