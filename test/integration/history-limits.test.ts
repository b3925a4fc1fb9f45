import { createKeys } from '@llm-monitor/contracts/redis';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';

import { aCall, type Published } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { readStore } from '../helpers/read-store.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

let nats: NatsServer;
let server: RedisServer;
let redis: Redis;
let connection: NatsConnection;
let collector: Service;

const keys = createKeys({ shards: 1 });
const shard = keys.shard(0);

const start = async (env: Record<string, string>, redisArgs: string[] = []) => {
  [nats, server] = await Promise.all([startNats(), startRedis({ args: redisArgs })]);
  redis = new Redis(server.url);
  const urls = { NATS_URL: nats.url, REDIS_URL: server.url };
  const fast = { PRUNE_INTERVAL_MS: '100', ...env };
  collector = await startService('collector', { ...urls, ...fast }, { until: 'ready' });
  connection = await connect({ servers: nats.url });
};

afterEach(async () => {
  await connection.close();
  redis.disconnect();
  await collector.stop();
  await Promise.all([nats.stop(), server.stop()]);
});

const idOf = (i: number) => `kept-call-${String(i).padStart(5, '0')}`;

const callsOf = (count: number, from: number, of: { prompt?: string } = {}) =>
  Array.from({ length: count }, (_, i) => {
    const call = aCall({ requestId: idOf(from + i), app: 'shop' });
    return [call.started({ promptPreview: of.prompt ?? 'hello' }), call.completed()];
  }).flat();

/** Every key that is listed is there, and every record that says something is listed. */
async function danglingIn(): Promise<string[]> {
  const dangling: string[] = [];
  const listed = new Set<string>();
  for (const hour of await redis.smembers(shard.historyHours)) {
    const members = await redis.zrange(shard.history(Number(hour)), '0', '-1');
    if (members.length === 0) dangling.push(`hour ${hour}`);
    for (const member of members) {
      const [id = '', app = ''] = member.split(':');
      listed.add(shard.request(app, id));
      if (!(await redis.hexists(shard.request(app, id), 'e'))) dangling.push(member);
    }
  }
  for (const key of await redis.keys(`${shard.prefix}req:*`)) {
    if ((await redis.hexists(key, 'e')) && !listed.has(key)) dangling.push(key);
  }
  return dangling;
}

const publishAll = async (events: readonly Published[]) => {
  for (let i = 0; i < events.length; i += 500) {
    await publish(connection, events.slice(i, i + 500));
  }
};

test('with MAX_REQUESTS the newest stay; totals count all, and what went is not counted twice', async () => {
  await start({ MAX_REQUESTS: '30' });
  const events = callsOf(100, 0);
  await publishAll(events);
  await waitFor('the surplus to go', async () => (await readStore(redis)).history === 30);
  await waitFor(
    'it to be said',
    async () => (await redis.hget(shard.shed, 'maxRequests')) === '70',
  );

  const kept = await redis.zrange(await onlyHour(), '0', '-1');
  expect(kept.length).toBe(30);
  const [, oldest] = await redis.zrange(await onlyHour(), '0', '0', 'WITHSCORES');
  await waitFor(
    'the oldest to be said',
    async () => (await redis.hget(shard.shed, 'oldestKeptAtMs')) === oldest,
  );
  // The same once more, past the broker's own dedupe: the bits are still there.
  await publish(connection, events, { withoutId: true });
  await publish(connection, callsOf(1, 100));
  await waitFor('the last one', async () => (await readStore(redis)).totals.started === 101);
  expect((await readStore(redis)).totals).toMatchObject({ started: 101, completed: 101 });
  await waitFor('one more to go', async () => (await readStore(redis)).history === 30);
  expect(await danglingIn()).toEqual([]);
});

const onlyHour = async () =>
  shard.history(Math.max(...(await redis.smembers(shard.historyHours)).map(Number)));

test('what is older than RETENTION_DAYS goes with all that pointed to it', async () => {
  // A ten-thousandth of a day: 8.64 s.
  await start({ RETENTION_DAYS: '0.0001' });
  await publishAll(callsOf(50, 0));
  await waitFor('the calls', async () => (await readStore(redis)).totals.completed === 50);
  await waitFor('all to go', async () => (await readStore(redis)).history === 0, {
    timeoutMs: 30_000,
  });
  await waitFor('it to be said', async () => (await redis.hget(shard.shed, 'retention')) === '50');

  expect(await redis.smembers(shard.historyHours)).toEqual([]);
  expect(await danglingIn()).toEqual([]);
  for (const key of await redis.keys(`${shard.prefix}req:*`)) {
    expect(await redis.hkeys(key)).toEqual(['b']);
    expect(await redis.ttl(key)).toBeGreaterThan(72 * 3600);
  }
  const { totals } = await readStore(redis);
  expect(totals).toMatchObject({ started: 50, completed: 50, failed: 0 });
});

test('a Redis that fills up sheds its oldest history before it refuses anything', async () => {
  await start({ FEED_MAX_ENTRIES: '16' }, ['--maxmemory', '8mb']);
  const prompt = 'x'.repeat(200);
  const count = 12_000;
  for (let from = 0; from < count; from += 500) {
    await publishAll(callsOf(500, from, { prompt }));
    const started = from + 500;
    await waitFor(
      `${started} to be counted`,
      async () => (await readStore(redis)).totals.started === started,
    );
  }
  // Shedding may go on between one read and the next.
  const reading = await waitFor('what is kept and what was shed to be all of them', async () => {
    const found = await readStore(redis);
    return found.history + found.shed === count ? found : undefined;
  });
  expect(reading.totals).toMatchObject({ started: count, completed: count });
  expect(reading.shed).toBeGreaterThan(0);
  expect(reading.history).toBeGreaterThan(0);
  expect(await redis.info('errorstats')).not.toContain('errorstat_OOM');
  // What is shed while it is looked at is no longer there; what dangles for good stays.
  await waitFor('nothing to dangle', async () => (await danglingIn()).length === 0);
});
