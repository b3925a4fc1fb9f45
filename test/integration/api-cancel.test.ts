import { subjects } from '@llm-monitor/contracts/bus';
import {
  CancelProblem,
  CancelResult,
  type Problem,
  type Readiness,
} from '@llm-monitor/contracts/rest';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Value } from 'typebox/value';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createSeeder } from '../helpers/seed-store.ts';
import { startApi, type Answer, type RunningApi } from '../helpers/start-api.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { waitFor } from '../helpers/wait-for.ts';

let nats: NatsServer;
let redis: RedisServer;
let bus: NatsConnection;
let api: RunningApi;
let seeder: ReturnType<typeof createSeeder>;
/** What the clients of this test were told. */
let commands: { subject: string; command: unknown }[];

beforeAll(async () => {
  [nats, redis] = await Promise.all([startNats(), startRedis()]);
  bus = await connect({ servers: nats.url, maxReconnectAttempts: -1 });
  api = await startApi({ redisUrl: redis.url, natsUrl: nats.url, shards: 2 });
  seeder = createSeeder(api.redis, api.keys);
  await waitForBus(api);
});
afterAll(async () => {
  await api.close();
  await bus.close();
  await Promise.all([nats.stop(), redis.stop()]);
});

let running: (...calls: { id: string; app?: string; instance?: string }[]) => Promise<void>;
beforeEach(async () => {
  commands = [];
  await api.redis.flushall();
  running = (...calls) =>
    seeder.running(...calls.map((call) => ({ startedAtMs: Date.now(), instance: 'one', ...call })));
});

const listening: { unsubscribe(): void }[] = [];
afterEach(() => {
  for (const subscription of listening.splice(0)) subscription.unsubscribe();
});

/** A client in the place of a real one. Undefined hears the command and stays silent. */
async function listenAs(app: string, instance: string, reply: string | undefined) {
  const subscription = bus.subscribe(subjects.cancel(app, instance), {
    callback: (_error, message) => {
      commands.push({ subject: message.subject, command: message.json() });
      if (reply !== undefined) message.respond(reply);
    },
  });
  listening.push(subscription);
  await bus.flush();
}

const waitForBus = (of: RunningApi) =>
  waitFor('the API to be on the bus', async () => {
    const { checks } = (await of.get('/ready')).body as Readiness;
    return checks.some(({ name, detail }) => name === 'nats' && detail === 'connected');
  });

const cancel = (path: string, body?: unknown, headers: Record<string, string> = {}, of = api) =>
  of.get(`/api/requests/${path}`, {
    method: 'POST',
    ...(body === undefined
      ? { headers }
      : {
          body: typeof body === 'string' ? body : JSON.stringify(body),
          headers: { 'content-type': 'application/json', ...headers },
        }),
  });

function expectProblem(answer: Answer, status: number): Problem {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return answer.body as Problem;
}

function expectNotReached(answer: Answer, status: number): CancelProblem {
  expectProblem(answer, status);
  expect(Value.Errors(CancelProblem, answer.body)).toEqual([]);
  const problem = answer.body as CancelProblem;
  expect(problem).toMatchObject({ id: 'running-1', reached: false, aborted: false });
  expect(problem.reason).toBe(problem.detail);
  return problem;
}

describe('a running call', () => {
  test('is ended by the process that makes it, which is told for whom', async () => {
    await running({ id: 'running-1', app: 'my_shop', instance: 'host:1' });
    await listenAs('my_shop', 'host:1', '{"aborted":true}');
    const answer = await cancel('running-1/cancel', { by: 'dashboard' });
    expect(answer.status).toBe(200);
    expect(Value.Errors(CancelResult, answer.body)).toEqual([]);
    expect(answer.body).toEqual({ id: 'running-1', reached: true, aborted: true, reason: null });
    expect(commands).toEqual([
      {
        subject: 'llm.control.cancel.my_shop.host_1',
        command: { requestId: 'running-1', by: 'dashboard' },
      },
    ]);
  });

  test.each([undefined, {}, 'null'])('is ended for "api" when the body is %j', async (body) => {
    await running({ id: 'running-1' });
    await listenAs('shop', 'one', '{"aborted":true}');
    expect((await cancel('running-1/cancel', body)).status).toBe(200);
    expect(commands).toMatchObject([{ command: { by: 'api' } }]);
  });

  test('goes on when its process refuses, and the answer says why', async () => {
    await running({ id: 'running-1' });
    await listenAs('shop', 'one', '{"aborted":false,"reason":"This call cannot be aborted."}');
    const { status, body } = await cancel('running-1/cancel');
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ id: 'running-1', reached: true, aborted: false },
      reason: 'This call cannot be aborted.',
    });
  });

  test.each(['', 'no JSON', '{"aborted":"yes"}', '[]'])(
    'goes on, as far as is known, when its process answers %j',
    async (reply) => {
      await running({ id: 'running-1' });
      await listenAs('shop', 'one', reply);
      const { status, body } = await cancel('running-1/cancel');
      expect(status).toBe(200);
      expect(body).toMatchObject({ reached: true, aborted: false });
      expect((body as CancelResult).reason).toMatch(/no answer/);
    },
  );

  test('that nobody listens for is not reached', async () => {
    await running({ id: 'running-1' });
    await listenAs('shop', 'two', '{"aborted":true}');
    const { detail } = expectNotReached(await cancel('running-1/cancel'), 504);
    expect(detail).toMatch(/LLM_MONITOR_CANCEL/);
    expect(commands).toEqual([]);
  });

  test('whose process hangs is not reached', async () => {
    await running({ id: 'running-1' });
    await listenAs('shop', 'one', undefined);
    const { detail } = expectNotReached(await cancel('running-1/cancel'), 504);
    expect(detail).toMatch(/did not answer in 2 s/);
    expect(commands).toHaveLength(1);
  });

  test('that does not say which process makes it is not reached', async () => {
    await seeder.running({ id: 'running-1', startedAtMs: Date.now() });
    expectNotReached(await cancel('running-1/cancel'), 504);
  });
});

describe('which call is meant', () => {
  test('an id that nobody knows is answered with 404', async () => {
    expectProblem(await cancel('nobody-knows/cancel'), 404);
    expectProblem(await cancel('short/cancel'), 404);
    await running({ id: 'running-1' });
    expect(expectProblem(await cancel('running-1/cancel?app=bot'), 404).detail).toMatch(/shop/);
  });

  test('a call that has ended is answered with 409, and nobody is asked', async () => {
    const startedAtMs = Date.now() - 1000;
    await seeder.ended({ id: 'ended-one', startedAtMs, instance: 'one', outcome: 'timeout' });
    await listenAs('shop', 'one', '{"aborted":true}');
    expect(expectProblem(await cancel('ended-one/cancel'), 409).detail).toMatch(/timeout/);
    expect(commands).toEqual([]);
  });

  test('of an id that two apps run, the app must be named', async () => {
    await running({ id: 'running-1', app: 'shop' }, { id: 'running-1', app: 'bot' });
    await listenAs('bot', 'one', '{"aborted":true}');
    const { detail } = expectProblem(await cancel('running-1/cancel'), 409);
    expect(detail).toMatch(/(shop, bot|bot, shop).*\?app=/);
    expect(commands).toEqual([]);
    expect((await cancel('running-1/cancel?app=bot')).status).toBe(200);
    expect(commands).toMatchObject([{ subject: 'llm.control.cancel.bot.one' }]);
  });

  test('of an id that one app has used and another runs, the running call is meant', async () => {
    await seeder.ended({ id: 'running-1', startedAtMs: Date.now(), app: 'bot', instance: 'one' });
    await running({ id: 'running-1', app: 'shop' });
    await listenAs('shop', 'one', '{"aborted":true}');
    expect((await cancel('running-1/cancel')).status).toBe(200);
  });
});

describe('asked wrongly', () => {
  beforeEach(async () => {
    await running({ id: 'running-1' });
    await listenAs('shop', 'one', '{"aborted":true}');
  });
  const expectRefused = (answer: Answer, status: number): Problem => {
    expect(commands).toEqual([]);
    return expectProblem(answer, status);
  };

  test.each<[unknown, RegExp]>([
    [{ by: '' }, /1 to 128 characters/],
    [{ by: 'x'.repeat(129) }, /1 to 128 characters/],
    [{ by: 'a\nb' }, /control characters/],
    [{ by: 7 }, /"by".*"7"/],
    [{ who: 'me' }, /"who".*Known here: by/],
    ['["me"]', /JSON object/],
    ['"me"', /JSON object/],
    ['{"by":', /JSON/],
    ['{"__proto__":{"by":"me"}}', /./],
  ])('a body of %j is answered with 400', async (body, detail) => {
    expect(expectRefused(await cancel('running-1/cancel', body), 400).detail).toMatch(detail);
  });

  test('an unknown parameter is answered with 400', async () => {
    expectRefused(await cancel('running-1/cancel?by=me'), 400);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'a body of type %s is answered with 415',
    async (type) => {
      expectRefused(await cancel('running-1/cancel', '{"by":"me"}', { 'content-type': type }), 415);
    },
  );

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s is answered with 405',
    async (method) => {
      const { status, headers } = await api.get('/api/requests/running-1/cancel', { method });
      expect(status).toBe(405);
      expect(headers.get('allow')).toBe('POST');
      expect(commands).toEqual([]);
    },
  );

  test.each<[string, Record<string, string>]>([
    ['another host', { origin: 'http://evil.example' }],
    ['a file or a sandbox', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
  ])('a page of %s is answered with 403', async (_, headers) => {
    expectRefused(await cancel('running-1/cancel', undefined, headers), 403);
    expectRefused(await cancel('running-1/cancel', { by: 'evil' }, headers), 403);
  });
});

test('a page of its own may cancel', async () => {
  await running({ id: 'running-1' });
  await listenAs('shop', 'one', '{"aborted":true}');
  const headers = { origin: api.url, 'sec-fetch-site': 'same-origin' };
  expect((await cancel('running-1/cancel', { by: 'dashboard' }, headers)).status).toBe(200);
});

test('without the token nothing is cancelled', async () => {
  const own = {
    redisUrl: redis.url,
    natsUrl: nats.url,
    shards: 2,
    tokens: { operator: 'secret', viewer: '' },
  };
  const guarded = await startApi(own);
  try {
    await waitForBus(guarded);
    await running({ id: 'running-1' });
    await listenAs('shop', 'one', '{"aborted":true}');
    expectProblem(await cancel('running-1/cancel', undefined, {}, guarded), 401);
    expect(commands).toEqual([]);
    const headers = { authorization: 'Bearer secret' };
    expect((await cancel('running-1/cancel', undefined, headers, guarded)).status).toBe(200);
  } finally {
    await guarded.close();
  }
});

test('where it is switched off nothing is cancelled, and the answer says how to switch it on', async () => {
  const off = await startApi({
    ...{ redisUrl: redis.url, natsUrl: nats.url, shards: 2, isCancelOn: false },
  });
  try {
    await waitForBus(off);
    await running({ id: 'running-1' });
    await listenAs('shop', 'one', '{"aborted":true}');
    const answer = await cancel('running-1/cancel', undefined, {}, off);
    expect(expectProblem(answer, 403).detail).toMatch(/CANCEL=on/);
    expect(commands).toEqual([]);
  } finally {
    await off.close();
  }
});

describe('without NATS', () => {
  test('all is read as ever, cancelling is answered with 503, and works once NATS is back', async () => {
    await running({ id: 'running-1' });
    await nats.kill();
    const refused = await waitFor('the API to notice', async () => {
      const answer = await cancel('running-1/cancel');
      return answer.status === 503 && answer;
    });
    expect(expectNotReached(refused, 503).detail).toMatch(/NATS_URL/);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await api.get('/api/active')).body).toHaveLength(1);
    const ready = await api.get('/ready');
    expect(ready.status).toBe(200);
    expect(JSON.stringify(ready.body)).toMatch(/calls cannot be cancelled/);

    await nats.restart();
    await waitFor('this test to be on the bus', () => bus.flush().then(() => true));
    await waitForBus(api);
    await listenAs('shop', 'one', '{"aborted":true}');
    expect((await cancel('running-1/cancel')).status).toBe(200);
    expect(commands).toHaveLength(1);
  });
});
