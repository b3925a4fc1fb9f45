import { createMonitor, type MonitorOptions } from '@llm-monitor/client';
import { createCallHub } from '@llm-monitor/client/observe';
import { Ollama } from '@llm-monitor/client/ollama';
import { STREAMS } from '@llm-monitor/contracts/bus';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { collectEvents, type EventCollector } from '../helpers/collect-events.ts';
import { startFakeOllama, type Script } from '../helpers/fake-ollama.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';

let nats: NatsServer;
let events: EventCollector;
beforeEach(async () => {
  nats = await startNats();
  events = await collectEvents(nats.url);
});
afterEach(async () => {
  await events.stop();
  await nats.stop();
});

async function setUp(
  app: string,
  script: (prompt: string) => Script,
  options: MonitorOptions = {},
) {
  const fake = await startFakeOllama({ respond: ({ body }) => script(String(body?.['prompt'])) });
  const monitor = createMonitor({ app, natsUrl: nats.url, ...options });
  onTestFinished(async () => {
    await monitor.close();
    await fake.close();
  });
  const ollama = new Ollama({ host: fake.url, monitor });
  const ask = async (prompt: string, model = 'm') => {
    let answer = '';
    for await (const part of await ollama.generate({ model, prompt, stream: true })) {
      answer += part.response;
    }
    return answer;
  };
  return { monitor, ask };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));
const marks = ['start', 'first-token', 'end'];

describe('the events of many calls', () => {
  test('case 32: stay apart when 100 run at once and end out of order', async () => {
    const { ask } = await setUp('bus-parallel', (prompt) => ({
      content: [`answer ${prompt}`],
      firstTokenDelayMs: (Number(prompt) * 37) % 101,
    }));
    const ends: string[] = [];
    await Promise.all(
      numbers(100).map(async (prompt) => {
        expect(await ask(prompt, `model-${Number(prompt) % 3}`)).toBe(`answer ${prompt}`);
        ends.push(prompt);
      }),
    );
    expect(ends).not.toEqual(numbers(100));
    const calls = await events.endedCalls('bus-parallel', 100);
    expect(calls).toHaveLength(100);
    for (const { started, firstToken, ended } of calls) {
      expect([started.length, firstToken.length, ended.length]).toEqual([1, 1, 1]);
      const { promptPreview, responsePreview, model } = ended[0]?.event.data ?? {};
      expect(responsePreview).toBe(`answer ${promptPreview}`);
      expect(model).toBe(`model-${Number(promptPreview) % 3}`);
    }
  });
});

describe('when the bus goes away', () => {
  test('progress that stays behind while events wait counts as no loss', async () => {
    // A bus that nobody has made streams on takes events, and stores none.
    const bare = await startNats();
    onTestFinished(() => bare.stop());
    const { ask, monitor } = await setUp(
      'bus-waiting',
      (prompt) => ({ content: numbers(10), tokenDelayMs: prompt === 'slow' ? 100 : 0 }),
      { natsUrl: bare.url },
    );
    // More than are sent before one is answered.
    await Promise.all(numbers(100).map((prompt) => ask(prompt)));
    await ask('slow');
    expect(monitor.state()).toMatchObject({ connected: true, storing: false });
    expect(monitor.state()).toMatchObject({ droppedEvents: 0, droppedRequests: 0 });
  });

  test('case 33: and comes back, nothing is lost, nothing is there twice and the ids are the same', async () => {
    const { ask, monitor } = await setUp('bus-restart', () => ({
      content: ['a', 'b'],
      tokenDelayMs: 2,
    }));
    await ask('before');
    await waitFor('the first call to be stored', () => monitor.state().queued === 0);
    const running = Promise.all(numbers(20).map((prompt) => ask(prompt)));
    await nats.kill();
    await running;
    for (const prompt of numbers(20)) expect(await ask(prompt)).toBe('ab');
    expect(monitor.state().queued).toBeGreaterThan(0);
    await nats.restart();
    await waitFor('everything to be stored', () => monitor.state().queued === 0);
    const ids = await events.storedIds('bus-restart');
    expect(new Set(ids).size).toBe(ids.length);
    const requests = new Set(ids.map((id) => id.split(':')[0]));
    expect(requests.size).toBe(41);
    expect(ids.toSorted()).toEqual(
      [...requests].flatMap((id) => marks.map((mark) => `${id}:${mark}`)).toSorted(),
    );
    expect(monitor.state()).toMatchObject({ droppedEvents: 0, droppedRequests: 0 });
  });

  test('case 33: and hangs, calls go on and everything arrives when it moves again', async () => {
    const { ask, monitor } = await setUp('bus-hung', () => ({ content: ['a'] }));
    await ask('before');
    await waitFor('the first call to be stored', () => monitor.state().queued === 0);
    process.kill(nats.pid(), 'SIGSTOP');
    for (const prompt of numbers(50)) expect(await ask(prompt)).toBe('a');
    expect(monitor.state().queued).toBeGreaterThan(0);
    process.kill(nats.pid(), 'SIGCONT');
    await waitFor('everything to be stored', () => monitor.state().queued === 0);
    const ids = await events.storedIds('bus-hung');
    expect(new Set(ids).size).toBe(51 * 3);
  });

  test('case 33: and refuses what it cannot store, everything is kept and arrives when it can', async () => {
    const connection = await connect({ servers: nats.url });
    onTestFinished(() => connection.close());
    const { streams } = await jetstreamManager(connection);
    const { ask, monitor } = await setUp('bus-refuses', () => ({ content: ['a'] }));
    await streams.update(STREAMS.requests, { discard: 'new', max_msgs: 1 });
    expect(await ask('x')).toBe('a');
    // The first is stored. How long the others take to be sent and refused is not said.
    await waitFor('two refusals', () => {
      const { storing, queued } = monitor.state();
      return !storing && queued === 2;
    });
    await streams.update(STREAMS.requests, { discard: 'old', max_msgs: -1 });
    await waitFor('everything to be stored', () => monitor.state().queued === 0);
    expect(await events.storedIds('bus-refuses')).toHaveLength(3);
  });

  test('case 33: for too long, the oldest calls are given up, counted and reported', async () => {
    const app = 'bus-full';
    await nats.kill();
    const { ask, monitor } = await setUp(app, () => ({ content: ['a'] }), {
      maxBufferedEvents: 50,
      heartbeatIntervalMs: 100,
    });
    for (const prompt of numbers(100)) await ask(prompt);
    expect(await monitor.flush(100)).toBe(false);
    expect(monitor.state().queued).toBeLessThanOrEqual(50);
    expect(monitor.state().droppedRequests).toBeGreaterThanOrEqual(50);
    await nats.restart();
    await waitFor('the rest to be stored', () => monitor.state().queued === 0);
    const stored = await events.storedIds(app);
    const { droppedEvents, droppedRequests } = monitor.state();
    expect(stored.filter((id) => id.endsWith(':end'))).toHaveLength(100 - droppedRequests);
    expect(stored).toHaveLength(300 - droppedEvents);
    const beat = await waitFor('a heartbeat', () => events.heartbeats(app).at(-1));
    expect(beat.event.data).toMatchObject({ droppedEvents, droppedRequests });
  });

  test('case 33: what a proxy gave up goes on being said, though no app of it runs', async () => {
    await nats.kill();
    const options = { maxBufferedEvents: 5, heartbeatIntervalMs: 100 };
    const hub = createCallHub({ instance: 'proxy-1', natsUrl: nats.url, ...options });
    onTestFinished(() => hub.close());
    for (const content of numbers(20)) {
      const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] });
      const url = 'http://127.0.0.1:11434/api/chat';
      hub.open({ method: 'POST', url, body, identity: { app: 'passing' } })?.threw(new Error('x'));
    }
    expect(await hub.flush(100)).toBe(false);
    const { droppedEvents, droppedRequests } = hub.state();
    expect(droppedRequests).toBeGreaterThan(0);
    await nats.restart();
    const said = { running: 0, stopping: true, droppedEvents, droppedRequests };
    const last = await waitFor('three heartbeats', () => events.heartbeats('passing').at(2));
    expect(last.event.data).toMatchObject(said);
  });

  test('case 33: from the start, calls go on and nothing is thrown', async () => {
    await nats.kill();
    const thrown: unknown[] = [];
    const onThrown = (reason: unknown) => void thrown.push(reason);
    process.on('unhandledRejection', onThrown);
    onTestFinished(() => void process.off('unhandledRejection', onThrown));
    const { ask, monitor } = await setUp('bus-never', () => ({ content: ['a'] }));
    expect(await ask('x')).toBe('a');
    expect(await monitor.flush(100)).toBe(false);
    await nats.restart();
    await waitFor('the call to be stored', () => monitor.state().queued === 0);
    expect(await events.storedIds('bus-never')).toHaveLength(3);
    expect(thrown).toEqual([]);
  });
});

describe('a bus with users', () => {
  test('lets in a client that says who it is, and one that does not goes on without it', async () => {
    const guarded = await startNats({ args: ['--user', 'joe', '--pass', 'p@ss'] });
    onTestFinished(() => guarded.stop());
    const known = await setUp('bus-known', () => ({ content: ['a'] }), {
      natsUrl: guarded.url.replace('nats://', 'nats://joe:p%40ss@'),
    });
    expect(await known.ask('x')).toBe('a');
    await waitFor('the known one to be let in', () => known.monitor.state().connected);
    const unknown = await setUp('bus-unknown', () => ({ content: ['a'] }), {
      natsUrl: guarded.url,
    });
    expect(await unknown.ask('x')).toBe('a');
    expect(await unknown.monitor.flush(500)).toBe(false);
    expect(unknown.monitor.state()).toMatchObject({ connected: false, queued: 3 });
  });
});
