import { createMonitor, type Monitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import type { ActiveRequest, AppStats, EndedRequest } from '@llm-monitor/contracts/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import { startLiveClient } from '../helpers/live-client.ts';
import { startService } from '../helpers/start-service.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

describe('a call of a real client, cancelled through the web service', () => {
  let stack: Stack;
  let server: RunningFakeOllama;
  let monitor: Monitor;
  let ollama: Ollama;

  beforeAll(async () => {
    stack = await startStack();
    server = await startFakeOllama({
      respond: () => ({ fault: { kind: 'hang', afterLines: 3 } }),
    });
    monitor = createMonitor({ natsUrl: stack.nats.url, app: 'writer' });
    ollama = new Ollama({ host: server.url, monitor });
  });
  afterAll(async () => {
    await monitor.close();
    await server.close();
    await stack.stop();
  });

  const read = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${stack.web.url}${path}`)).json()) as T;
  const cancel = (id: string, headers: Record<string, string> = {}, url = stack.web.url) =>
    fetch(`${url}/api/requests/${id}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"by":"dashboard"}',
    });
  const chat = async (): Promise<string> => {
    const request = { model: 'm', messages: [{ role: 'user', content: 'Why?' }] };
    try {
      for await (const part of await ollama.chat({ ...request, stream: true })) void part;
      return 'ended';
    } catch (error) {
      return (error as Error).name;
    }
  };
  const running = (count: number) =>
    waitFor(`${count} running calls`, async () => {
      const calls = await read<ActiveRequest[]>('/api/active');
      return calls.length === count && calls;
    });

  test('ends alone, as if its own code had aborted it, and tells who asked', async () => {
    const calls = [chat(), chat()];
    const [first, second] = await running(2);
    const answer = await cancel(first!.id, { origin: stack.web.url });
    expect(await answer.json()).toEqual({
      ...{ id: first!.id, reached: true, aborted: true, reason: null },
    });
    expect(answer.status).toBe(200);
    expect(await Promise.race(calls)).toBe('AbortError');
    const ended = await waitFor('the end to be kept', async () => {
      const call = await read<EndedRequest>(`/api/requests/${first!.id}`);
      return call.status === 'cancelled' && call;
    });
    expect(ended).toMatchObject({ outcome: 'cancelled', cancelled_by: 'dashboard' });
    expect((await running(1))[0]?.id).toBe(second!.id);

    const again = await cancel(first!.id);
    expect(again.status).toBe(409);
    expect((await cancel(second!.id)).status).toBe(200);
    expect(await Promise.all(calls)).toEqual(['AbortError', 'AbortError']);
    await running(0);
  });

  test('is not ended by a foreign page', async () => {
    const call = chat();
    const [one] = await running(1);
    for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'same-site' }]) {
      expect((await cancel(one!.id, headers)).status).toBe(403);
    }
    await running(1);
    expect((await cancel(one!.id)).status).toBe(200);
    expect(await call).toBe('AbortError');
  });

  test('is ended from a page under a name that only the web service knows', async () => {
    const web = await startService('web', {
      ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url, API_URL: stack.api.url },
      ALLOWED_HOSTS: '127.0.0.1,monitor.example',
    });
    try {
      const call = chat();
      const [one] = await running(1);
      const origin = { origin: 'https://monitor.example', 'sec-fetch-site': 'same-origin' };
      expect((await cancel(one!.id, origin, web.url)).status).toBe(200);
      expect(await call).toBe('AbortError');
    } finally {
      await web.stop();
    }
  });

  test('is of an app that is shown with its process, in REST and live', async () => {
    const { instance } = monitor;
    const app = await waitFor('the heartbeat', async () => {
      const apps = await read<AppStats[]>('/api/apps');
      return apps.find(({ name, instances }) => name === 'writer' && instances.length > 0);
    });
    expect(app).toMatchObject({
      ...{ models: ['m'], completed_requests: 0, dropped_events: 0 },
      instances: [{ instance, online: true, dropped_events: 0 }],
    });
    expect(app.total_requests).toBe(app.cancelled_requests);
    const browser = await startLiveClient(stack.web.url);
    try {
      expect(browser.snapshots[0]?.apps).toMatchObject([{ name: 'writer', models: ['m'] }]);
      const live = await waitFor('figures', () => browser.figures('apps'));
      expect(live).toMatchObject([{ name: 'writer', instances: [{ instance }] }]);
    } finally {
      browser.close();
    }
  });

  test('of a client that lets nobody cancel is not reached, and goes on', async () => {
    const other = createMonitor({ natsUrl: stack.nats.url, app: 'quiet', cancel: false });
    const own = new Ollama({ host: server.url, monitor: other });
    const reading = (async () => {
      const request = { model: 'm', messages: [{ role: 'user', content: 'Why?' }] };
      for await (const part of await own.chat({ ...request, stream: true })) void part;
    })().catch((error: Error) => error.name);
    try {
      const [one] = await running(1);
      const answer = await cancel(one!.id);
      expect(answer.status).toBe(504);
      expect(await answer.json()).toMatchObject({ reached: false, aborted: false });
    } finally {
      own.abort();
      expect(await reading).toBe('AbortError');
      await other.close();
    }
  });

  test('that came through the agent is ended there, and its program sees the answer break off', async () => {
    const port = await freePort();
    const agent = await startService('agent', {
      ...{ NATS_URL: stack.nats.url, OLLAMA_URL: server.url },
      ...{ PROXY_LISTEN: `127.0.0.1:${port}`, LLM_MONITOR_HOST_NAME: 'here' },
    });
    try {
      const answer = fetch(`http://127.0.0.1:${port}/api/chat`, {
        method: 'POST',
        headers: { 'x-llm-monitor-app': 'script' },
        body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Why?' }] }),
      }).then(async (response) => (await response.text()) && 'whole');
      const end = answer.catch(() => 'broken off');
      const [one] = await running(1);
      expect(one).toMatchObject({ app: 'script' });
      const told = await cancel(one!.id);
      expect(await told.json()).toMatchObject({ reached: true, aborted: true });
      expect(await end).toBe('broken off');
      const ended = await waitFor('the end to be kept', async () => {
        const call = await read<EndedRequest>(`/api/requests/${one!.id}`);
        return call.status === 'cancelled' && call;
      });
      expect(ended).toMatchObject({ app: 'script', cancelled_by: 'dashboard' });
    } finally {
      await agent.stop();
    }
  });
});
