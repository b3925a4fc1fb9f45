import { createKeys, LIFETIME, TTL_SECONDS } from '@llm-monitor/contracts/redis';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { createLoad, publishLoad } from '../helpers/load.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const RETENTION_DAYS = 5;
/** A record's lifetime counts from its start, and is so much longer for calls that take their time. */
const SPARE_S = 600;
const shard = createKeys({ shards: 1 }).shard(0);
const { global } = createKeys({ shards: 1 });

let nats: NatsServer;
let server: RedisServer;
let connection: NatsConnection;
let redis: Redis;
const collectors: Service[] = [];

const startCollector = async () => {
  const env = { NATS_URL: nats.url, REDIS_URL: server.url };
  collectors.push(
    await startService('collector', { ...env, RETENTION_DAYS: String(RETENTION_DAYS) }),
  );
};

beforeAll(async () => {
  [nats, server] = await Promise.all([startNats(), startRedis()]);
  redis = new Redis(server.url);
  connection = await connect({ servers: nats.url });
});
afterAll(async () => {
  await Promise.all(collectors.map((collector) => collector.stop()));
  await connection.close();
  redis.disconnect();
  await Promise.all([nats.stop(), server.stop()]);
});

test('every key that grows in number with traffic or time ends by itself', async () => {
  await startCollector();
  const { events, truth } = createLoad({ seed: 3, calls: 200 });
  await publishLoad(connection, events);
  await waitFor('all calls to be counted', async () => {
    return Number(await redis.hget(shard.totals(false), 'n')) === truth.started;
  });
  /** Kinds of keys and the seconds that each is kept, at most. */
  const kinds: [string, number][] = [
    [`${shard.prefix}req:`, RETENTION_DAYS * DAY_S + SPARE_S],
    [`${shard.prefix}hist:`, RETENTION_DAYS * DAY_S],
    [`${shard.prefix}roll:m`, TTL_SECONDS.minuteRollup],
    [`${shard.prefix}rolls:m`, TTL_SECONDS.minuteRollup],
    [`${shard.prefix}roll:h`, TTL_SECONDS.hourRollup],
    [`${shard.prefix}rolls:h`, TTL_SECONDS.hourRollup],
  ];
  for (const [prefix, seconds] of kinds) {
    const keys = await redis.keys(`${prefix}*`);
    expect(keys.length, prefix).toBeGreaterThan(0);
    for (const key of keys) {
      const ttl = await redis.ttl(key);
      expect(ttl, key).toBeLessThanOrEqual(seconds);
      expect(ttl, key).toBeGreaterThan(seconds - 120);
    }
  }
  // Of models, apps and hosts there are no more than the cap.
  const combinations = await redis.smembers(shard.rollupIndex(LIFETIME));
  const lifetimes = combinations.map((member) => shard.rollup(LIFETIME, member));
  expect(await redis.exists(...lifetimes)).toBe(lifetimes.length);
  const others = (await redis.keys('*')).filter(
    (key) => !kinds.some(([prefix]) => key.startsWith(prefix)) && !lifetimes.includes(key),
  );
  // What is left exists once a shard, whatever the traffic.
  expect(others.length).toBeLessThan(25);
});

test('the end of a call that took longer than records are kept in spare gives its record a whole lifetime', async () => {
  const call = aCall({ requestId: 'long-call', app: 'patient' });
  const key = shard.request('patient', 'long-call');
  await publishLoad(connection, [call.started()]);
  await waitFor('its start', async () => (await redis.hget(key, 'b')) === '1');
  await redis.hset(key, 's', Date.now() - HOUR_S * 1000);
  await redis.expire(key, HOUR_S);

  await publishLoad(connection, [call.completed({ durationMs: HOUR_S * 1000 })]);
  await waitFor('its end', async () => (await redis.hget(key, 'b')) === '5');
  expect(await redis.ttl(key)).toBeGreaterThan(RETENTION_DAYS * DAY_S);
});

test('what has been silent for long is forgotten at the start of a collector, and nothing else is', async () => {
  const nowMs = Date.now();
  const seen = (agoSeconds: number) => JSON.stringify({ seenAtMs: nowMs - agoSeconds * 1000 });
  const kept = [
    [global.instances, HOUR_S],
    [global.collectors, HOUR_S],
    [global.hosts, 30 * DAY_S],
    [global.models, 30 * DAY_S],
  ] as const;
  for (const [key, seconds] of kept) {
    await redis.hset(key, { silent: seen(seconds + 60), heard: seen(seconds - 60) });
  }
  await startCollector();
  for (const [key] of kept) {
    await waitFor(`${key} to be pruned`, async () => (await redis.hexists(key, 'silent')) === 0);
    expect(await redis.hexists(key, 'heard'), key).toBe(1);
  }
});
