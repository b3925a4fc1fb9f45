import {
  addRollupFields,
  createKeys,
  decodeRecord,
  emptyRollup,
  type Counts,
} from '@llm-monitor/contracts/redis';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

describe.each([1, 3])('a collector with %i shard(s)', (shards) => {
  const keys = createKeys({ shards });
  let nats: NatsServer;
  let server: RedisServer;
  let collector: Service;
  let connection: NatsConnection;
  let redis: Redis;
  let before: Counts;

  beforeAll(async () => {
    [nats, server] = await Promise.all([startNats(), startRedis()]);
    redis = new Redis(server.url);
    connection = await connect({ servers: nats.url });
    collector = await startService('collector', {
      ...{ NATS_URL: nats.url, REDIS_URL: server.url, REDIS_SHARDS: String(shards) },
      ...{ LEASE_MS: '700', SWEEP_INTERVAL_MS: '100', DEFAULT_LEASE_MS: '600000' },
    });
  });
  afterAll(async () => {
    await collector.stop();
    await connection.close();
    redis.disconnect();
    await Promise.all([nats.stop(), server.stop()]);
  });
  beforeEach(async () => {
    before = await readTotals();
  });

  async function readTotals(demo = false): Promise<Counts> {
    const rollup = emptyRollup();
    for (let i = 0; i < shards; i++) {
      addRollupFields(rollup, await redis.hgetall(keys.shard(i).totals(demo)));
    }
    return rollup.counts;
  }

  async function gained(): Promise<Counts> {
    const now = await readTotals();
    for (const name of Object.keys(now) as (keyof Counts)[]) now[name] -= before[name];
    return now;
  }

  async function readCall(id: string) {
    for (let i = 0; i < shards; i++) {
      const hash = await redis.hgetall(keys.shard(i).request('test-app', id));
      const record = decodeRecord({ id, app: 'test-app' }, hash);
      if (record) return record;
    }
    return undefined;
  }

  async function isActive(id: string): Promise<boolean> {
    const scores = await Promise.all(
      Array.from({ length: shards }, (_, i) =>
        redis.zscore(keys.shard(i).active, `${id}:test-app`),
      ),
    );
    return scores.some((score) => score !== null);
  }

  test('a call is active from its start to its end, and then in the history', async () => {
    const call = aCall();
    await publish(connection, [call.started()]);
    await waitFor('the call to be active', () => isActive(call.id));
    expect(await gained()).toMatchObject({ started: 1, completed: 0 });
    await publish(connection, [call.firstToken(), call.completed()]);
    const record = await waitFor('the end', async () => {
      const found = await readCall(call.id);
      return found?.outcome ? found : undefined;
    });
    expect(record).toMatchObject({
      ...{ bits: 7, model: 'llama3.2:3b', promptPreview: 'Why is the sky blue?' },
      ...{ outcome: 'completed', durationMs: 1000, ttftMs: 100 },
    });
    expect(await isActive(call.id)).toBe(false);
    expect(await gained()).toMatchObject({ started: 1, completed: 1, outputTokens: 20 });
  });

  test('every order of arrival and every duplicate gives the same counts', async () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    const ids: string[] = [];
    for (const order of orders) {
      const call = aCall();
      ids.push(call.id);
      const events = [call.started(), call.firstToken(), call.completed()];
      for (const index of [...order, ...order]) {
        await publish(connection, [events[index]!], { withoutId: true });
      }
    }
    await waitFor('all calls to end', async () => (await gained()).completed === ids.length);
    for (const id of ids) {
      const record = await waitFor('all events of a call', async () => {
        const found = await readCall(id);
        return found?.bits === 7 ? found : undefined;
      });
      expect(record).toMatchObject({ outcome: 'completed', ttftMs: 100 });
    }
    // A last call shows that the duplicates before it have been handled too.
    const last = aCall();
    await publish(connection, [last.started(), last.failed()]);
    await waitFor('the last call', async () => (await gained()).failed === 1);
    expect(await gained()).toMatchObject({
      started: 7,
      completed: 6,
      failed: 1,
      outputTokens: 120,
    });
  });

  test('a message that is no event is dead-lettered and the rest of its batch is applied', async () => {
    const [one, two] = [aCall(), aCall()];
    const wrong = aCall().completed({ durationMs: -1 });
    const subject = one.started().subject;
    connection.publish(one.started().subject, JSON.stringify(one.started().event));
    connection.publish(subject, '{"half":');
    connection.publish(wrong.subject, JSON.stringify(wrong.event));
    connection.publish(wrong.subject, JSON.stringify(wrong.event).replace(':-1', ':NaN'));
    connection.publish(two.started().subject, JSON.stringify(two.started().event));
    await waitFor(
      'both good ones',
      async () => (await isActive(one.id)) && (await isActive(two.id)),
    );
    const manager = await jetstreamManager(connection);
    const state = await waitFor('three letters', async () => {
      const info = await manager.streams.info('LLM_DEAD_LETTERS', { subjects_filter: '>' });
      return info.state.messages >= 3 ? info.state : undefined;
    });
    expect(state.subjects).toEqual({
      'llm.dead-letter.invalid-event': 1,
      'llm.dead-letter.invalid-json': 2,
    });
    await manager.streams.purge('LLM_DEAD_LETTERS');
    expect(await gained()).toMatchObject({ started: 2, completed: 0 });
  });

  test('an app cannot touch the call of another that has the same id', async () => {
    const mine = aCall();
    const theirs = aCall({ requestId: mine.id, app: 'evil' });
    const forged = theirs.completed();
    forged.event.data.app = 'test-app';
    await publish(connection, [mine.started(), forged], { withoutId: true });
    await waitFor('both', async () => (await gained()).started === 2);
    expect(await readCall(mine.id)).toMatchObject({ bits: 1 });
    expect(await isActive(mine.id)).toBe(true);
  });

  test('a call whose app falls silent is orphaned, and its late end overrides that', async () => {
    const call = aCall({ instance: 'silent' });
    await publish(connection, [call.started()]);
    const beat = (running: string[]) => ({
      subject: 'llm.app.heartbeat.test-app.silent',
      event: {
        ...call.started().event,
        id: 'beat',
        type: 'llm.app.heartbeat.v1',
        data: { app: 'test-app', instance: 'silent', runningRequestIds: running, running: 1 },
      },
    });
    await publish(connection, [beat([call.id])], { withoutId: true });
    const orphan = await waitFor('the orphan', async () => {
      const found = await readCall(call.id);
      return found?.outcome === 'orphaned' ? found : undefined;
    });
    expect(orphan.error?.type).toBe('OrphanedError');
    expect(await gained()).toMatchObject({ started: 1, failed: 1, completed: 0 });
    await publish(connection, [call.completed()]);
    await waitFor('the late end', async () => (await gained()).completed === 1);
    expect(await gained()).toMatchObject({ started: 1, failed: 0, completed: 1 });
    const late = await readCall(call.id);
    expect(late).toMatchObject({ outcome: 'completed', bits: 13 });
    expect(late?.error).toBeUndefined();
  });

  test('demo traffic stays out of the totals', async () => {
    const call = aCall({ demo: true });
    const demoBefore = await readTotals(true);
    await publish(connection, [call.started(), call.completed()]);
    await waitFor('the demo call', async () => {
      return (await readTotals(true)).completed === demoBefore.completed + 1;
    });
    expect(await gained()).toMatchObject({ started: 0, completed: 0 });
  });

  test('a wiped Redis gets a new epoch, and the number of its shards whoever else is faster', async () => {
    const { shortFrom, shards } = keys.global;
    const epoch = await redis.get(keys.global.epoch);
    await redis
      .multi()
      .flushall()
      .set(shortFrom, Date.now() + 3_600_000)
      .exec();
    const next = await waitFor(
      'a new epoch',
      async () => (await redis.get(keys.global.epoch)) ?? undefined,
    );
    expect(next).not.toBe(epoch);
    await waitFor('the number of shards', async () => (await redis.exists(shards)) === 1);
    expect(Number(await redis.get(shards))).toBe(keys.shards);
  });
});
