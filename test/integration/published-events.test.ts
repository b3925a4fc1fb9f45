import { createMonitor, type Monitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import { DEMO_SUBJECT } from '@llm-monitor/contracts/bus';
import { MAX_EVENT_BYTES } from '@llm-monitor/contracts/events';
import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { startFakeOllama, type RunningFakeOllama, type Script } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import { startLiveClient, type LiveClient } from '../helpers/live-client.ts';
import { publish } from '../helpers/publish.ts';
import { readAsyncapi, readChannels } from '../helpers/published-channels.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

/** Channels that nothing here can bring about, and why. Each needs a test of its own that checks it against the document. */
const NOT_PROVOKED: Readonly<Record<string, string>> = {
  alertFired: 'no alerts service is in this stack',
  alertResolved: 'no alerts service is in this stack',
  alertNotified: 'no alerts service is in this stack',
  alertPreview: 'no alerts service is in this stack',
  alertTest: 'no alerts service is in this stack',
  botSampled: 'no connectors service is in this stack; see freqtrade.test.ts',
  botTrade: 'no connectors service is in this stack; see freqtrade.test.ts',
  verdictRaised: 'no alerts service is in this stack',
  verdictCleared: 'no alerts service is in this stack',
};

/** What tests publish to be refused is no event of the monitor. */
const POISON = 'poison';

const channels = readChannels(readAsyncapi());
/** Name of a channel → how many messages. */
const seen = new Map<string, number>();
const problems: string[] = [];
const events: { subject: string; data: Record<string, unknown> }[] = [];

let stack: Stack;
let bus: NatsConnection;
let ollama: RunningFakeOllama;
let agent: Service;
let proxyUrl: string;
let monitor: Monitor;
let browser: LiveClient;

const SCRIPTS: Record<string, Script> = {
  slow: { content: Array.from({ length: 25 }, () => 'word '), tokenDelayMs: 40 },
  hang: { fault: { kind: 'hang', afterLines: 2 } },
  tools: { toolCalls: [{ name: 'weather', arguments: { city: 'Rome' } }], thinking: ['Hm.'] },
};

beforeAll(async () => {
  stack = await startStack({
    env: { LEASE_MS: '8000', DEFAULT_LEASE_MS: '1500', SWEEP_INTERVAL_MS: '100' },
  });
  bus = await connect({ servers: stack.nats.url });
  await hearAll();
  ollama = await startFakeOllama({ respond: ({ body }) => SCRIPTS[String(body?.['model'])] });
  const proxyPort = await freePort();
  proxyUrl = `http://127.0.0.1:${proxyPort}`;
  agent = await startService(
    'agent',
    {
      ...{ NATS_URL: stack.nats.url, OLLAMA_URL: ollama.url },
      ...{ PROXY_LISTEN: `127.0.0.1:${proxyPort}`, LLM_MONITOR_HOST_NAME: 'workshop' },
      ...{ SAMPLE_INTERVAL_MS: '100', IDLE_SAMPLE_INTERVAL_MS: '100', MODELS_INTERVAL_MS: '500' },
    },
    { until: 'ready' },
  );
  browser = await startLiveClient(stack.web.url);
  monitor = createMonitor({ natsUrl: stack.nats.url, app: 'writer', capture: 'full', tags: ['x'] });
});
afterAll(async () => {
  browser.close();
  await monitor.close();
  await agent.stop();
  await ollama.close();
  await bus.close();
  await stack.stop();
});

/** Holds everything that is said on the bus against the document. */
async function hearAll(): Promise<void> {
  const asked = new Map<string, (body: string) => string[]>();
  bus.subscribe('llm.>', {
    callback(_error, message) {
      const { subject, reply } = message;
      if (subject.includes(`.${POISON}`)) return;
      const channel = channels.find(({ fits }) => fits(subject));
      const found = channel?.problemsOf(message.string(), subject) ?? ['fits no channel'];
      problems.push(...found.map((problem) => `${subject}: ${problem}`));
      if (!channel) return;
      seen.set(channel.name, (seen.get(channel.name) ?? 0) + 1);
      if (reply && channel.problemsOfReply) asked.set(reply, channel.problemsOfReply);
      if (!subject.startsWith('llm.control.')) {
        events.push({ subject, data: message.json<{ data: Record<string, unknown> }>().data });
      }
    },
  });
  bus.subscribe('>', {
    callback(_error, { subject, data }) {
      const problemsOf = asked.get(subject);
      if (!problemsOf) return;
      seen.set('replies', (seen.get('replies') ?? 0) + 1);
      const body = Buffer.from(data).toString();
      problems.push(...problemsOf(body).map((problem) => `reply ${body}: ${problem}`));
    },
  });
  await bus.flush();
}

const come = (name: string, what = name) =>
  waitFor(`${what} on the bus`, () => (seen.get(name) ?? 0) > 0, { timeoutMs: 30_000 });
const event = (what: string, matches: (data: Record<string, unknown>) => boolean) =>
  waitFor(`${what} on the bus`, () => events.find(({ data }) => matches(data)), {
    timeoutMs: 30_000,
  });
const ask = (path: string, method = 'POST') => fetch(`${stack.web.url}${path}`, { method });

test('a server that is called past the monitor', async () => {
  // Each call moves the expiry of the model, which gives it away.
  await waitFor(
    'the unseen activity',
    async () => {
      await new Ollama({ host: ollama.url, monitor: createMonitor({ disabled: true }) }).generate({
        ...{ model: 'llama3.2:3b', prompt: 'Why?' },
      });
      return (seen.get('hostUnseenActivity') ?? 0) > 0;
    },
    { timeoutMs: 40_000, everyMs: 1500 },
  );
  await come('modelLoaded');
  await come('modelsListed');
});

test('calls of a client, and of a program behind the proxy', async () => {
  const client = new Ollama({ host: ollama.url, monitor });
  const messages = [{ role: 'user', content: 'Why is the sky blue?' }];
  const options = { temperature: 0.2, num_ctx: 2048 };
  for await (const part of await client.chat({ model: 'slow', messages, options, stream: true })) {
    void part;
  }
  await client.chat({ model: 'tools', messages, stream: false });
  await client.embed({ model: 'nomic-embed-text', input: ['one', 'two'] });
  await client.generate({ model: 'llama3.2:3b', prompt: '', keep_alive: 0 });
  const body = JSON.stringify({ model: 'slow', messages });
  const headers = { 'content-type': 'application/json' };
  await (await fetch(`${proxyUrl}/v1/chat/completions`, { method: 'POST', headers, body })).text();
  await event('the call behind the proxy', ({ operation, instance }) =>
    Boolean(operation && instance && instance !== monitor.instance),
  );
  await Promise.all(
    ['requestFirstToken', 'progress', 'appHeartbeat', 'hostSampled'].map((name) => come(name)),
  );
  await come('modelUnloaded');
  expect(problems).toEqual([]);
});

test('calls that fail, are aborted, are cancelled from outside, and whose program is gone', async () => {
  const client = new Ollama({ host: ollama.url, monitor });
  SCRIPTS['broken'] = { fault: { kind: 'http', status: 500, error: 'out of memory' } };
  await expect(client.generate({ model: 'broken', prompt: 'x' })).rejects.toThrow(/out of memory/);
  const hanging = client.generate({ model: 'hang', prompt: 'x', stream: true });
  const id = await waitFor('the running call', async () => {
    const calls = (await (await ask('/api/active', 'GET')).json()) as ActiveRequest[];
    return calls.find(({ app }) => app === 'writer')?.id;
  });
  const reading = hanging.then(async (parts) => {
    for await (const part of parts) void part;
  });
  reading.catch(() => undefined);
  expect((await ask(`/api/requests/${id}/cancel`)).status).toBe(200);
  await expect(reading).rejects.toThrow(/abort/i);
  await come('requestCancelled');
  await publish(bus, [aCall({ app: 'gone', instance: 'none' }).started()]);
  await event('the orphan', ({ outcome }) => outcome === 'orphaned');
  const kept = await waitFor('the cancelled call in the history', async () => {
    const calls = (await (
      await ask('/api/requests?status=cancelled', 'GET')
    ).json()) as EndedRequest[];
    return calls.length > 0;
  });
  expect(kept).toBe(true);
  expect((await ask(`/api/requests/${id}`, 'DELETE')).status).toBe(200);
});

test('what collectors cannot use', async () => {
  const stream = jetstream(bus);
  await stream.publish(`llm.request.started.${POISON}.m`, '{not json');
  await stream.publish(`llm.request.started.${POISON}.m`, '{"specversion":"1.0"}');
  await stream.publish(`llm.request.started.${POISON}.m`, `"${'x'.repeat(MAX_EVENT_BYTES)}"`);
  await stream.publish(`llm.request.odd.${POISON}.m`, '{}');
  for (const { name } of channels) if (name.startsWith('deadLetter')) await come(name);
  expect(problems).toEqual([]);
});

test('a demo', async () => {
  await ask('/api/demo/start');
  await event('a demo call', ({ demo, outcome }) => demo === true && outcome !== undefined);
  await bus.request(DEMO_SUBJECT, 'state');
  expect((await ask('/api/demo/stop')).status).toBe(200);
});

test('all that was said is what the document says, and all of the document was said', async () => {
  await bus.flush();
  expect([...new Set(problems)]).toEqual([]);
  expect(seen.get('replies') ?? 0).toBeGreaterThanOrEqual(3);
  const missing = channels.map(({ name }) => name).filter((name) => !seen.has(name));
  expect(missing.sort()).toEqual(Object.keys(NOT_PROVOKED).sort());
});
