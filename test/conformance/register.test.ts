import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import type { EventCollector } from '../helpers/collect-events.ts';
import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import type { NatsServer } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';
import { useBus } from '../helpers/use-bus.ts';

const PROGRAM = fileURLToPath(new URL('programs/registered.mjs', import.meta.url));
const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const REGISTERED = ['--import', '@llm-monitor/client/register'];

let nats: NatsServer;
let events: EventCollector;
useBus((bus) => ({ nats, events } = bus));

async function run(way: string, options: { args?: string[]; env?: Record<string, string> } = {}) {
  const fake = await startFakeOllama({
    respond: () => ({ createdAt: '2026-01-01T00:00:00Z', tokenDelayMs: 2 }),
  });
  onTestFinished(() => fake.close());
  const child = startProgram(process.execPath, [...(options.args ?? []), PROGRAM], {
    cwd: FOLDER,
    env: { WAY: way, HOST: fake.url, LLM_MONITOR_NATS_URL: nats.url, ...options.env },
  });
  return { code: await child.exited, output: child.output(), requests: fake.requests };
}

/** The bare program's output, and the registered one's with the calls that were seen. */
async function twins(way: string, app: string, env: Record<string, string> = {}) {
  const bare = await run(way, { env });
  const seen = await run(way, { args: REGISTERED, env: { LLM_MONITOR_APP: app, ...env } });
  expect({ code: seen.code, output: seen.output }).toEqual({
    code: bare.code,
    output: bare.output,
  });
  expect(bare.code).toBe(0);
  return seen;
}

test.each([
  ['ollama as an ES module', 'By ollama as an ES module', 'llama3.2:3b', 9],
  ["ollama's default export", "By ollama's default export", 'llama3.2:3b', 9],
  ['ollama as CommonJS', 'By ollama as CommonJS', 'llama3.2:3b', 9],
  ['plain fetch', 'By fetch', 'phi3', undefined],
  ['a Request', 'By Request', 'phi3', undefined],
])('a registered program is seen when it calls by %s', async (way, prompt, model, chunks) => {
  const app = `registered ${way}`;
  await twins(way, app);
  const [call] = await events.endedCalls(app);
  expect(events.calls(app)).toHaveLength(1);
  expect(call?.ended).toHaveLength(1);
  expect(call?.ended[0]?.event.data).toMatchObject({
    ...{ model, promptPreview: prompt, outcome: 'completed', provider: 'ollama' },
    ...(chunks ? { chunks, responsePreview: 'The sky is blue because air scatters light.' } : {}),
  });
});

test('case 47: a drop-in in a registered program makes one request of a call', async () => {
  const app = 'registered drop-in';
  const bare = await run('the monitored ollama');
  const both = await run('the monitored ollama', {
    args: REGISTERED,
    env: { LLM_MONITOR_APP: app, DROP_IN: '1' },
  });
  expect(both.output).toBe(bare.output);
  const [call] = await events.endedCalls(app);
  expect(events.calls(app)).toHaveLength(1);
  expect(call).toMatchObject({ started: [{}], firstToken: [{}], ended: [{}] });
  expect(both.requests[0]?.headers).toMatchObject({
    'x-llm-monitor-request-id': call?.requestId,
    'x-llm-monitor-app': encodeURIComponent(app),
  });
});

test('a registered program keeps everything else to itself', async () => {
  const app = 'registered bystander';
  const { requests } = await twins('what is no call of a model', app);
  // A call that is seen afterwards shows that the others would have been.
  await run('plain fetch', { args: REGISTERED, env: { LLM_MONITOR_APP: app } });
  await events.endedCalls(app);
  expect(events.calls(app)).toHaveLength(1);
  expect(requests.slice(1).every(({ headers }) => !('x-llm-monitor-app' in headers))).toBe(true);
});

test('hosts and paths narrow down what is seen', async () => {
  const app = 'registered narrow';
  for (const env of [{ LLM_MONITOR_HOSTS: 'example.com' }, { LLM_MONITOR_PATHS: '/v1/' }]) {
    await run('plain fetch', { args: REGISTERED, env: { LLM_MONITOR_APP: app, ...env } });
  }
  const env = { LLM_MONITOR_APP: app, LLM_MONITOR_HOSTS: 'example.com,127.0.0.1' };
  await run('plain fetch', { args: REGISTERED, env });
  await events.endedCalls(app);
  expect(events.calls(app)).toHaveLength(1);
});

test.each<[string, { LLM_MONITOR_DISABLED?: string }]>([
  ['the bus is away', {}],
  ['it is disabled', { LLM_MONITOR_DISABLED: '1' }],
])('a registered program runs as it would when %s', async (_, env) => {
  const away = `nats://127.0.0.1:${await freePort()}`;
  const settings = { LLM_MONITOR_NATS_URL: env.LLM_MONITOR_DISABLED ? nats.url : away, ...env };
  const { requests } = await twins('ollama as an ES module', 'registered alone', settings);
  expect(requests).toHaveLength(1);
  expect(events.calls('registered alone')).toEqual([]);
});
