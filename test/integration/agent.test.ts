import { hostname } from 'node:os';

import {
  Envelope,
  HostSampledData,
  ModelLoadData,
  ModelsListedData,
  SENT_AT_HEADER,
} from '@llm-monitor/contracts/events';
import { createFakeOllama, type FakeOllama } from '@llm-monitor/fake-ollama';
import { connect, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { Ollama } from 'ollama';
import { Value } from 'typebox/value';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { freePort } from '../helpers/free-port.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const HOST = 'gpu box.local';
const TOKEN = 'gpu_box_local';

interface Seen<Data> {
  message: Msg;
  data: Data;
}

describe('the agent', () => {
  let nats: NatsServer;
  let bus: NatsConnection;
  let agent: Service;
  let ollama: FakeOllama | undefined;
  let ollamaPort: number;
  let messages: Msg[];
  let subscription: Subscription;

  beforeAll(async () => {
    nats = await startNats();
    bus = await connect({ servers: nats.url });
  });
  afterAll(async () => {
    await bus.close();
    await nats.stop();
  });
  beforeEach(async () => {
    messages = [];
    subscription = bus.subscribe('llm.>', {
      callback: (_, message) => void messages.push(message),
    });
    await bus.flush();
    ollamaPort = await freePort();
    agent = await startService(
      'agent',
      {
        ...{ NATS_URL: nats.url, LLM_MONITOR_HOST_NAME: HOST },
        ...{ OLLAMA_URL: '', OLLAMA_HOST: `0.0.0.0:${ollamaPort}` },
        ...{ SAMPLE_INTERVAL_MS: '100', MODELS_INTERVAL_MS: '100' },
        ...{ IDLE_SAMPLE_INTERVAL_MS: '100', PROXY_LISTEN: 'off' },
      },
      { until: 'ready' },
    );
  });
  afterEach(async () => {
    subscription.unsubscribe();
    await agent.stop();
    await ollama?.close();
    ollama = undefined;
  });

  async function startOllama(models: string[]): Promise<string> {
    ollama = createFakeOllama({ models, version: '0.12.3' });
    return await ollama.listen(ollamaPort);
  }

  function seen<Data>(subject: string): Seen<Data>[] {
    return messages
      .filter((message) => message.subject === subject)
      .map((message) => ({ message, data: message.json<{ data: Data }>().data }));
  }

  function until<Data>(
    what: string,
    subject: string,
    matches: (data: Data) => boolean,
  ): Promise<Seen<Data>> {
    return waitFor(what, () => seen<Data>(subject).find(({ data }) => matches(data)));
  }

  test('samples the machine, and says null of an Ollama that was never there', async () => {
    const { message, data } = await until<HostSampledData>(
      'a sample',
      `llm.host.sampled.${TOKEN}`,
      () => true,
    );
    expect(Value.Check(HostSampledData, data)).toBe(true);
    expect(data).toMatchObject({ host: HOST, server: null });
    expect(data.cpuPercent).toBeLessThanOrEqual(100);
    expect(data.memoryUsedBytes).toBeGreaterThan(0);
    expect(data.memoryUsedBytes).toBeLessThan(data.memoryTotalBytes ?? 0);
    expect(data.uptimeSeconds).toBeGreaterThan(0);
    const event = message.json<Envelope>();
    expect(Value.Check(Envelope, event)).toBe(true);
    expect(event.type).toBe('llm.host.sampled.v1');
    expect(message.headers?.get(SENT_AT_HEADER)).toBe(event.time);
    expect(seen(`llm.models.listed.${TOKEN}`)).toEqual([]);
  });

  test('finds an Ollama that starts later, with its models', async () => {
    await startOllama(['llama3.2:3b', 'mistral:latest']);
    const { data } = await until<ModelsListedData>(
      'the list of models',
      `llm.models.listed.${TOKEN}`,
      () => true,
    );
    expect(Value.Check(ModelsListedData, data)).toBe(true);
    expect(data.models.map((model) => model.name)).toEqual(['llama3.2:3b', 'mistral:latest']);
    expect(data).toMatchObject({ serverAddress: `127.0.0.1:${ollamaPort}`, loaded: [] });
    const sample = await until<HostSampledData>(
      'a sample with the server',
      `llm.host.sampled.${TOKEN}`,
      (one) => one.server !== null,
    );
    expect(sample.data.server).toMatchObject({
      provider: 'ollama',
      address: `127.0.0.1:${ollamaPort}`,
      reachable: true,
      version: '0.12.3',
    });
  });

  test('tells when a model is loaded and when it is unloaded', async () => {
    const host = await startOllama(['llama3.2:3b']);
    const client = new Ollama({ host });
    await client.generate({ model: 'llama3.2:3b', prompt: '' });
    const loaded = await until<ModelLoadData>(
      'the load',
      `llm.models.loaded.${TOKEN}.llama3_2_3b`,
      () => true,
    );
    expect(Value.Check(ModelLoadData, loaded.data)).toBe(true);
    expect(loaded.data.model).toMatchObject({ name: 'llama3.2:3b', contextLength: 4096 });
    await until<ModelsListedData>(
      'the list with the loaded model',
      `llm.models.listed.${TOKEN}`,
      ({ loaded: models }) => models.length === 1,
    );
    await client.generate({ model: 'llama3.2:3b', prompt: '', keep_alive: 0 });
    await until('the unload', `llm.models.unloaded.${TOKEN}.llama3_2_3b`, () => true);
    expect(seen(`llm.models.loaded.${TOKEN}.llama3_2_3b`)).toHaveLength(1);
  });

  test('says so when the Ollama goes away: nothing is loaded or available there any more', async () => {
    await startOllama(['llama3.2:3b']);
    await until<ModelsListedData>(
      'the list',
      `llm.models.listed.${TOKEN}`,
      ({ models }) => models.length === 1,
    );
    await ollama?.close();
    ollama = undefined;
    const sample = await until<HostSampledData>(
      'a sample without the server',
      `llm.host.sampled.${TOKEN}`,
      (one) => one.server?.reachable === false,
    );
    expect(sample.data.server).toMatchObject({ version: '0.12.3' });
    const lists = seen<ModelsListedData>(`llm.models.listed.${TOKEN}`);
    expect(lists.at(-1)?.data).toMatchObject({ models: [], loaded: [] });
  });

  test('is not ready while NATS is away, and samples again when it is back', async () => {
    await nats.kill();
    await waitFor('the agent to be not ready', async () => {
      const answer = await fetch(`${agent.url}/ready`);
      return answer.status === 503;
    });
    await nats.restart();
    await waitFor('the agent to be ready', async () => (await fetch(`${agent.url}/ready`)).ok);
    const before = messages.length;
    const after = await waitFor('another sample', () => messages.slice(before)[0]);
    expect(after.subject).toBe(`llm.host.sampled.${TOKEN}`);
  });

  test('ends by itself at SIGTERM', async () => {
    await agent.stop('SIGTERM');
    expect(await agent.exited).toBe(0);
  });
});

test('an agent uses the name of the machine unless told otherwise', async () => {
  const nats = await startNats();
  const bus = await connect({ servers: nats.url });
  const samples: HostSampledData[] = [];
  bus.subscribe('llm.host.sampled.*', {
    callback: (_, message) => void samples.push(message.json<{ data: HostSampledData }>().data),
  });
  await bus.flush();
  const agent = await startService('agent', {
    ...{ NATS_URL: nats.url, LLM_MONITOR_HOST_NAME: '', PROXY_LISTEN: 'off' },
  });
  try {
    const sample = await waitFor('a sample', () => samples[0]);
    expect(sample.host).toBe(hostname());
  } finally {
    await agent.stop();
    await bus.close();
    await nats.stop();
  }
});
