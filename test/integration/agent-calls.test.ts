import { hostname } from 'node:os';

import { WATCHED_SUBJECT } from '@llm-monitor/contracts/bus';
import type { EndedRequest, Host } from '@llm-monitor/contracts/rest';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Ollama } from 'ollama';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { freePort } from '../helpers/free-port.ts';
import { startLiveClient } from '../helpers/live-client.ts';
import { publish } from '../helpers/publish.ts';
import { hearAgents, startAgent, startServer, type AgentWords } from '../helpers/start-agent.ts';
import type { Service } from '../helpers/start-service.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

type Server = Awaited<ReturnType<typeof startServer>>;

describe('an agent beside an inference server', () => {
  let stack: Stack;
  let bus: NatsConnection;
  let words: AgentWords;
  let server: Server;
  let agent: Service;

  beforeAll(async () => {
    stack = await startStack();
    bus = await connect({ servers: stack.nats.url });
  });
  afterAll(async () => {
    await bus.close();
    await stack.stop();
  });
  beforeEach(async () => {
    words = await hearAgents(bus);
  });
  afterEach(async () => {
    await agent.stop();
    await server.stop();
  });

  /** The server at hand takes calls at its own port, and through the agent's proxy. */
  async function startBoth(env: Record<string, string> = {}): Promise<void> {
    server = await startServer('busy-server');
    const proxies = `${await freePort()}=${server.url}`;
    agent = await startAgent(stack.nats.url, { PROXIES: proxies, ...env });
  }
  /** Waits until the agent has looked so many times more. */
  const looks = (count: number) => {
    const from = words.samples.length;
    const enough = () => words.samples.length >= from + count;
    return waitFor(`${count} more samples`, enough, { timeoutMs: 30_000 });
  };
  const burn = (ms: number) => fetch(`${server.url}/burn?ms=${ms}`, { method: 'POST' });
  const callHere = () => {
    const call = aCall({ model: 'busy-model' });
    const here = { host: hostname(), serverAddress: '127.0.0.1', serverPort: server.port };
    return {
      id: call.id,
      begin: () => publish(bus, [call.started(here)]),
      end: () => publish(bus, [call.completed(here)]),
    };
  };
  const read = async <T>(path: string) => (await (await fetch(stack.api.url + path)).json()) as T;

  test('tells what the server takes together with the runner that it started, and lists its models', async () => {
    await startBoth({ SAMPLE_INTERVAL_MS: '200', IDLE_SAMPLE_INTERVAL_MS: '200' });
    const idle = await words.sample('its processes', (one) => one.server?.processes !== undefined);
    expect(idle.server).toMatchObject({ provider: 'openai', reachable: true });
    expect(idle.server?.processes?.count).toBe(2);
    expect(idle.server?.processes?.memoryBytes).toBeGreaterThan(20e6);
    const busy = burn(3000);
    const isBusy = (percent: number | null | undefined) => (percent ?? 0) > 40;
    await words.sample('load', (one) => isBusy(one.server?.processes?.cpuPercent));
    await busy;
    const host = await waitFor('the models in REST', async () => {
      const hosts = await read<Host[]>('/api/hosts');
      return hosts.find((one) => one.models_available.includes('busy-model'));
    });
    expect(host.server?.processes?.count).toBe(2);
    expect(host.unseen_activity).toBeNull();
  });

  test('attaches to a call that is shorter than a sample what the server took meanwhile', async () => {
    await startBoth({ SAMPLE_INTERVAL_MS: '2000', IDLE_SAMPLE_INTERVAL_MS: '60000' });
    expect(words.samples[0]?.server?.processes?.count).toBe(2);
    const call = callHere();
    await call.begin();
    await burn(400);
    await call.end();
    const resources = await waitFor('the figures in REST', async () => {
      const request = await read<EndedRequest>(`/api/requests/${call.id}`);
      return request.resources ?? undefined;
    });
    // Of a busy machine it gets what it gets; an idle server takes nothing.
    expect(resources.cpu_percent).toBeGreaterThan(5);
    expect(resources.memory_bytes).toBeGreaterThan(20e6);
  });

  test('says when the server works and no call is known, and nothing while one is', async () => {
    await startBoth({ SAMPLE_INTERVAL_MS: '500', IDLE_SAMPLE_INTERVAL_MS: '500' });
    await looks(12);
    const call = callHere();
    await call.begin();
    await burn(5000);
    await call.end();
    expect(words.unseen).toEqual([]);
    await looks(12);
    const unseen = burn(8000);
    const told = await words.sample('the activity in a sample', (one) => !!one.unseenActivity);
    expect(told.unseenActivity).toMatchObject({ evidence: 'cpu', model: null });
    await waitFor('the activity in REST', async () => {
      const hosts = await read<Host[]>('/api/hosts');
      return hosts.some((host) => host.unseen_activity);
    });
    await unseen;
    await words.sample('its end', (one) => one.unseenActivity === null);
    expect(words.unseen).toHaveLength(2);
    expect(words.unseen[0]).not.toHaveProperty('until');
    expect(words.unseen[1]).toMatchObject({ since: words.unseen[0]?.since, evidence: 'cpu' });
    expect(Date.parse(words.unseen[1]?.until ?? '')).toBeGreaterThan(
      Date.parse(told.unseenActivity?.since ?? ''),
    );
  });

  test('sees by the expiry of a model that an Ollama was called past the monitor', async () => {
    server = await startServer('fake-ollama');
    const intervals = { SAMPLE_INTERVAL_MS: '200', IDLE_SAMPLE_INTERVAL_MS: '200' };
    agent = await startAgent(stack.nats.url, { OLLAMA_URL: server.url, ...intervals });
    const client = new Ollama({ host: server.url });
    const ask = () => client.generate({ model: 'llama3.2:3b', prompt: 'hi', stream: false });
    await words.sample('the server', (one) => one.server?.reachable === true);
    const call = callHere();
    await call.begin();
    await ask();
    await call.end();
    await looks(35);
    expect(words.unseen).toEqual([]);
    await ask();
    const [began] = await waitFor('the activity', () => words.unseen.length > 0 && words.unseen);
    expect(began).toMatchObject({
      ...{ evidence: 'expiry', model: 'llama3.2:3b' },
      serverAddress: `127.0.0.1:${server.port}`,
    });
    await waitFor('its end', () => words.unseen[1]?.until !== undefined, { timeoutMs: 20_000 });
  });

  test('samples often at once when a browser looks, or when a call runs', async () => {
    await startBoth({ SAMPLE_INTERVAL_MS: '200', IDLE_SAMPLE_INTERVAL_MS: '3600000' });
    const settled = Date.now() + 1500;
    await waitFor('the idle rate', () => Date.now() > settled);
    const idle = words.samples.length;
    expect(idle).toBeLessThan(4);
    const call = callHere();
    await call.begin();
    await waitFor('samples while the call runs', () => words.samples.length > idle + 4);
    await call.end();
    let watched = 0;
    bus.subscribe(WATCHED_SUBJECT, { callback: () => void watched++ });
    await bus.flush();
    const over = Date.now() + 2500;
    await waitFor('the idle rate again', () => Date.now() > over);
    const before = words.samples.length;
    expect(watched).toBe(0);
    const browser = await startLiveClient(stack.web.url);
    await waitFor('samples while somebody looks', () => words.samples.length > before + 4);
    expect(watched).toBeGreaterThan(0);
    browser.close();
  });
});
