import { DEMO_SUBJECT } from '@llm-monitor/contracts/bus';
import type { ActiveRequest, DemoState, EndedRequest, Status } from '@llm-monitor/contracts/rest';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startService, type Service } from '../helpers/start-service.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

const PATIENCE = { timeoutMs: 30_000 };

let stack: Stack;
let second: Service;

beforeAll(async () => {
  stack = await startStack();
  second = await startService('api', { NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url });
});
afterAll(async () => {
  await second.stop();
  await stack.stop();
});

const post = (url: string, path: string) => fetch(`${url}/api/demo/${path}`, { method: 'POST' });
const read = async <T>(path: string, url = stack.api.url) =>
  (await (await fetch(url + path)).json()) as T;
const demoCalls = () => read<ActiveRequest[]>('/api/active?demo=only');

test('demo traffic begins and ends when it is asked to, by whichever replica, and is in no figure', async () => {
  expect(await read<DemoState>('/api/demo')).toEqual({ running: false, until: null });
  const begun = (await (await post(stack.web.url, 'start')).json()) as DemoState;
  expect(begun.running).toBe(true);
  expect(Date.parse(begun.until!) - Date.now()).toBeGreaterThan(9 * 60_000);
  expect(await read<DemoState>('/api/demo', second.url)).toEqual(begun);
  // Asked twice, and of the other: it is the same one.
  expect(await (await post(second.url, 'start')).json()).toEqual(begun);
  await waitFor('a demo call', async () => (await demoCalls()).length > 0, PATIENCE);

  expect(await (await post(second.url, 'stop')).json()).toEqual({ running: false, until: null });
  await waitFor(
    'all of it to end',
    async () => (await demoCalls()).length === 0 && !(await read<DemoState>('/api/demo')).running,
    PATIENCE,
  );
  expect((await read<EndedRequest[]>('/api/requests?demo=only')).length).toBeGreaterThan(0);
  expect(await read<Status>('/api/status')).toMatchObject({
    total_requests: 0,
    active_requests: 0,
  });
});

test('of two that began at the same moment, and could not hear each other, the one that ends first is left', async () => {
  const bus = await connect({ servers: stack.nats.url });
  const other = { running: true, until: new Date(Date.now() + 60_000).toISOString() };
  let questions = 0;
  const hearing = bus.subscribe(DEMO_SUBJECT, {
    callback: (_error, message) => {
      questions++;
      // The first is whether somebody plays: it begins as the other does.
      if (questions > 1) message.respond(JSON.stringify(other));
    },
  });
  await bus.flush();
  await post(second.url, 'start');
  await waitFor('it to leave the stage to the other', async () => {
    return (await read<DemoState>('/api/demo', second.url)).until === other.until;
  });
  hearing.unsubscribe();
  await bus.flush();
  expect((await read<DemoState>('/api/demo', second.url)).running).toBe(false);
  await bus.close();
});

test('where none was started there is none to stop', async () => {
  const answer = await post(stack.api.url, 'stop');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('Ctrl+C');
});

test('it does not outlive the service that plays it', async () => {
  await post(second.url, 'start');
  await waitFor('it to run', async () => (await read<DemoState>('/api/demo')).running, PATIENCE);
  await second.stop('SIGKILL');
  await waitFor(
    'it to be gone',
    async () => !(await read<DemoState>('/api/demo')).running,
    PATIENCE,
  );
  second = await startService('api', { NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url });
});
