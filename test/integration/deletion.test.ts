import { STREAMS } from '@llm-monitor/contracts/bus';
import type { Deletion, EndedRequest } from '@llm-monitor/contracts/rest';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { startLiveClient, type LiveClient } from '../helpers/live-client.ts';
import { publish } from '../helpers/publish.ts';
import { readStore } from '../helpers/read-store.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

let stack: Stack;
let redis: Redis;
let connection: NatsConnection;
let manager: JetStreamManager;
let dashboard: LiveClient;

beforeAll(async () => {
  stack = await startStack({ collectors: 2 });
  redis = new Redis(stack.redis.url);
  connection = await connect({ servers: stack.nats.url });
  manager = await jetstreamManager(connection);
  dashboard = await startLiveClient(stack.web.url);
});

afterAll(async () => {
  dashboard?.close();
  await connection?.close();
  redis?.disconnect();
  await stack?.stop();
});

/** A call whose prompt, answer and error say a word that stands nowhere else. */
const aTalk = (requestId: string, app: string, word: string) => {
  const call = aCall({ requestId, app });
  return {
    start: call.started({ promptPreview: `ask ${word}`, prompt: `ask ${word} at length` }),
    end: call.failed({
      outcome: 'error',
      responsePreview: `tell ${word}`,
      error: { type: 'SomeError', message: `cannot ${word}`, status: 500 },
    }),
  };
};

const storedCalls = async () => (await readStore(redis)).requests;

/** Everything that Redis holds, as text. */
async function storeText(): Promise<string> {
  const texts: string[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    texts.push(key);
    if (type === 'hash') texts.push(JSON.stringify(await redis.hgetall(key)));
    else if (type === 'zset') texts.push((await redis.zrange(key, '0', '-1')).join());
    else if (type === 'set') texts.push((await redis.smembers(key)).join());
    else if (type === 'string') texts.push((await redis.get(key)) ?? '');
    else texts.push(JSON.stringify(await redis.xrange(key, '-', '+')));
  }
  return texts.join('\n');
}

/** Everything that the streams hold, as text. */
async function streamText(): Promise<string> {
  const texts: string[] = [];
  for (const stream of [STREAMS.requests, STREAMS.deadLetters]) {
    const { state } = await manager.streams.info(stream);
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage(stream, { seq }).catch(() => null);
      if (message) texts.push(`${message.subject} ${message.string()}`);
    }
  }
  return texts.join('\n');
}

const ask = (path: string, method = 'GET') => fetch(`${stack.api.url}${path}`, { method });
const remove = async (path: string): Promise<Deletion> => {
  const answer = await ask(path, 'DELETE');
  expect(answer.status).toBe(200);
  return (await answer.json()) as Deletion;
};
const idsIn = async () => {
  const calls = (await (await ask('/api/requests?limit=500')).json()) as EndedRequest[];
  return calls.map(({ id }) => id);
};

test('one call is gone from the store, the feed, the streams and open dashboards; figures stay', async () => {
  const talk = aTalk('forget-me-01', 'shop', 'xyzzy');
  const other = aTalk('remember-me-01', 'shop', 'plugh');
  await publish(connection, [talk.start, talk.end, other.start, other.end]);
  connection.publish(talk.end.subject, '{"data": forget-me-01 xyzzy');
  await waitFor('both', async () => (await readStore(redis)).history === 2);
  await waitFor('the letter', async () => (await streamText()).includes('dead-letter'));
  const before = await readStore(redis);

  expect(await remove('/api/requests/forget-me-01')).toEqual({
    ...{ deleted: 1, running: 0, done: true, cursor: null },
  });

  expect((await ask('/api/requests/forget-me-01')).status).toBe(404);
  expect((await ask('/api/requests/forget-me-01', 'DELETE')).status).toBe(404);
  expect(await idsIn()).toEqual(['remember-me-01']);
  expect(await storeText()).not.toContain('xyzzy');
  expect(await streamText()).not.toContain('forget-me-01');
  expect(await streamText()).toContain('plugh');
  const after = await readStore(redis);
  expect(after).toEqual({ ...before, history: 1, requests: before.requests });
  await waitFor('the dashboard to drop it', () => {
    const shown = dashboard.snapshots.at(-1)?.recent.map(({ id }) => id);
    return dashboard.snapshots.length > 1 && shown?.join() === 'remember-me-01';
  });

  // Its events again, as a client sends them that never heard that they arrived.
  await publish(connection, [talk.start, talk.end], { withoutId: true });
  const mark = aTalk('remember-me-02', 'shop', 'plugh');
  await publish(connection, [mark.start, mark.end]);
  await waitFor('what came after', async () => (await idsIn()).includes('remember-me-02'));
  expect(await idsIn()).not.toContain('forget-me-01');
  expect((await readStore(redis)).totals.started).toBe(before.totals.started + 1);
});

test('a call that runs is not deleted, and a call that nobody knows is said to be unknown', async () => {
  const call = aCall({ requestId: 'running-call-01', app: 'shop' });
  await publish(connection, [call.started()]);
  await waitFor('it', async () => (await ask('/api/requests/running-call-01')).ok);
  const refused = await ask('/api/requests/running-call-01', 'DELETE');
  expect(refused.status).toBe(409);
  expect((await refused.json()) as object).toMatchObject({ title: 'The call runs' });
  expect((await ask('/api/requests/running-call-01')).ok).toBe(true);
  expect((await ask('/api/apps/nobody/requests', 'DELETE')).status).toBe(404);
  await publish(connection, [call.completed()]);
  await waitFor('its end', async () => (await idsIn()).includes('running-call-01'));
});

test("an app's calls go, its running one stays, and those of others stay", async () => {
  const talks = Array.from({ length: 300 }, (_, i) => aTalk(`bulk-call-${i}`, 'crawler', 'frotz'));
  const running = aCall({ requestId: 'running-call-02', app: 'crawler' });
  await publish(connection, [
    ...talks.flatMap(({ start, end }) => [start, end]),
    running.started(),
  ]);
  await waitFor('all of them', async () => (await readStore(redis)).active === 1);
  await waitFor('their ends', async () => (await readStore(redis)).history === 303);
  const before = await readStore(redis);
  const calls = await storedCalls();

  expect(await remove('/api/apps/crawler/requests')).toMatchObject({
    ...{ deleted: 300, running: 1, done: true },
  });

  const after = await readStore(redis);
  expect(after).toEqual({ ...before, history: 3 });
  expect(await storedCalls()).toBe(calls);
  expect(await storeText()).not.toContain('frotz');
  expect(await streamText()).not.toContain('frotz');
  expect((await idsIn()).toSorted()).toEqual([
    ...['remember-me-01', 'remember-me-02', 'running-call-01'],
  ]);
  await publish(connection, [running.completed()]);
  await waitFor('its end', async () => (await idsIn()).includes('running-call-02'));
});

test('no text is left of any call, and the calls stay with their figures', async () => {
  const talk = aTalk('texts-call-01', 'shop', 'quux');
  await publish(connection, [talk.start, talk.end]);
  await waitFor('it', async () => (await idsIn()).includes('texts-call-01'));
  const before = await readStore(redis);
  const ids = await idsIn();

  const { deleted, done } = await remove('/api/prompts');

  expect(deleted).toBeGreaterThanOrEqual(3);
  expect(done).toBe(true);
  expect(await storeText()).not.toMatch(/quux|plugh/);
  expect(await streamText()).not.toMatch(/quux|plugh/);
  expect(await readStore(redis)).toEqual(before);
  expect(await idsIn()).toEqual(ids);
  const call = (await (await ask('/api/requests/texts-call-01')).json()) as EndedRequest;
  expect(call).toMatchObject({
    ...{ prompt: null, response: null, outcome: 'error', model: 'llama3.2:3b' },
    error: { type: 'SomeError', message: '', status: 500 },
  });
});

test('two who delete at once come upon what the other has erased, and both are done', async () => {
  for (let i = 0; i < 300; i++) connection.publish('llm.request.started.shop.m', `{"quux": ${i}`);
  await waitFor('all dead letters', async () => (await streamText()).split('"quux').length > 300);
  const answers = await Promise.all([remove('/api/prompts'), remove('/api/prompts')]);
  expect(answers.map(({ done }) => done)).toEqual([true, true]);
  expect(await streamText()).not.toContain('quux');
});
