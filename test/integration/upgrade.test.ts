// What an earlier version left in NATS and Redis (recorded by scripts/record-version.mjs), read by the services as they are now.
import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import { createKeys, formOf, parseRequestMember } from '@llm-monitor/contracts/redis';
import type { EndedRequest, ModelStats, Stats, Status } from '@llm-monitor/contracts/rest';
import { bucketOf } from '@llm-monitor/contracts/stats';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { startLiveClient } from '../helpers/live-client.ts';
import { publish } from '../helpers/publish.ts';
import { readStore } from '../helpers/read-store.ts';
import {
  publishRecorded,
  readRecordedVersion,
  restoreRecorded,
  type RecordedVersion,
} from '../helpers/recorded-version.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const VERSION = '0.1.0';
/** The record may be of any age: nothing of it is let go, and no call of it is orphaned. */
const LONG = { RETENTION_DAYS: '3650', DEFAULT_LEASE_MS: String(20 * 365 * 86_400_000) };

let recorded: RecordedVersion;
let nats: NatsServer;
let server: RedisServer;
let redis: Redis;
let bus: NatsConnection;
let services: Service[];

beforeEach(async () => {
  recorded = await readRecordedVersion(VERSION);
  [nats, server] = await Promise.all([startNats(), startRedis()]);
  redis = new Redis(server.url);
  bus = await connect({ servers: nats.url });
  services = [];
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await bus.close();
  redis.disconnect();
  await Promise.all([nats.stop(), server.stop()]);
});

const start = async (name: 'collector' | 'api' | 'web', env: Record<string, string> = {}) => {
  const urls = { NATS_URL: nats.url, REDIS_URL: server.url };
  const service = await startService(name, { ...urls, ...LONG, ...env }, { until: 'ready' });
  services.push(service);
  return service;
};

const ask = async <T>(api: Service, path: string): Promise<T> =>
  (await (await fetch(`${api.url}${path}`)).json()) as T;

async function settled(): Promise<void> {
  const manager = await jetstreamManager(bus);
  await waitFor('all events to be collected', async () => {
    const info = await manager.consumers.info('LLM_REQUESTS', 'collector');
    return info.num_pending + info.num_ack_pending === 0;
  });
}

const figuresOf = (status: Status) => {
  const { active_requests, total_requests, completed_requests, failed_requests } = status;
  const { timeout_requests, cancelled_requests, success_rate, avg_response_time } = status;
  return {
    ...{ active_requests, total_requests, completed_requests, failed_requests, timeout_requests },
    ...{ cancelled_requests, success_rate, avg_response_time },
    ...{ tokens: status.total_tokens, input: status.input_tokens },
  };
};

test('a Redis and a stream of the earlier version say what they said, and events that come again change nothing', async () => {
  await restoreRecorded(redis, recorded);
  const before = await readStore(redis);
  await publishRecorded(bus, recorded);
  await start('collector');
  await settled();
  await publishRecorded(bus, recorded, { withoutIds: true });
  await settled();

  expect(await readStore(redis)).toEqual(before);
  const manager = await jetstreamManager(bus);
  const { state, config } = await manager.streams.info('LLM_REQUESTS');
  expect(state.messages).toBe(recorded.messages.length * 2);
  expect(config.duplicate_window).toBeLessThan(recorded.stream.duplicate_window);
  const api = await start('api');
  expect(figuresOf(await ask<Status>(api, '/api/status'))).toEqual(figuresOf(recorded.said.status));
  const requests = await ask<EndedRequest[]>(api, '/api/requests?limit=500');
  expect(requests).toHaveLength(recorded.said.requests.length);
  expect(requests).toMatchObject(recorded.said.requests);
  const names = (models: ModelStats[]) => models.map(({ name }) => name).sort();
  expect(names(await ask<ModelStats[]>(api, '/api/models'))).toEqual(names(recorded.said.models));
});

test('calls that ran at the time of the update end once, and count once', async () => {
  await restoreRecorded(redis, recorded);
  const before = await readStore(redis);
  await start('collector');
  const { active } = createKeys({ shards: 1 }).shard(0);
  const running = (await redis.zrange(active, '0', '-1')).map(parseRequestMember);
  expect(running.length).toBeGreaterThan(3);
  const ends = running.map(({ id, app }) => aCall({ requestId: id, app }).completed());
  await publish(bus, ends);
  await publish(bus, ends, { withoutId: true });
  await settled();
  const after = await readStore(redis);
  expect(after.active).toBe(0);
  expect(after.totals.started).toBe(before.totals.started);
  expect(after.totals.completed).toBe(before.totals.completed + running.length);
  expect(after.history).toBe(before.history + running.length);
  expect(after.requests).toBe(before.requests);
});

test('an empty Redis is filled from the stream of the earlier version to the same figures', async () => {
  await restoreRecorded(redis, recorded);
  const wanted = await readStore(redis);
  await redis.flushall();
  await publishRecorded(bus, recorded);
  await start('collector');
  await settled();
  // An all-time sum is one; what is added up over minutes and hours was placed on the new broker's clock.
  const { lifetimes, ...found } = await readStore(redis);
  // The earlier version had none.
  expect(lifetimes).toEqual(found.totals);
  const { lifetimes: ofLifetimes, ...buckets } = found.buckets;
  expect(ofLifetimes).toMatchObject(buckets.totals);
  const unknown = {
    lifetimes: wanted.lifetimes,
    buckets: { ...buckets, lifetimes: wanted.buckets.lifetimes },
  };
  expect({ ...found, ...unknown }).toEqual(wanted);
  for (const { headers } of recorded.messages) {
    expect(headers.map(([name]) => name)).toContain(SENT_AT_HEADER);
  }
});

test('a dashboard sees the calls of the earlier version, and goes on from where it was in its feed', async () => {
  await restoreRecorded(redis, recorded);
  await start('collector');
  const api = await start('api');
  const web = await start('web', { API_URL: api.url });
  const fresh = await startLiveClient(web.url);
  expect(fresh.running.size).toBe(recorded.said.status.active_requests);
  expect(fresh.ended.size).toBeGreaterThan(0);
  fresh.close();

  const epoch = (await redis.get('{s0}:epoch')) ?? '';
  const entries = await redis.xrange('{s0}:feed', '-', '+');
  const place = { epoch, pos: [entries[0]?.[0] ?? ''] };
  const back = await startLiveClient(web.url, { resume: place });
  expect(back.snapshots).toEqual([]);
  expect(back.gaps).toEqual([]);
  const told = entries.slice(1).flatMap(([, fields]) => JSON.parse(fields[1] ?? '[]') as unknown[]);
  const ends = told.filter((op) => Array.isArray(op) && op[0] === 'end');
  expect(ends.length).toBeGreaterThan(0);
  expect(back.ended.size).toBe(ends.length);
  await publish(bus, [aCall({ requestId: 'new-call' }).started()]);
  await waitFor('a call of now', () => back.running.has('new-call'));
  back.close();
});

test('calls are written as the earlier version reads them until its readers are replaced; both forms are found, and lose their texts', async () => {
  await restoreRecorded(redis, recorded);
  const { shortFrom } = createKeys({ shards: 1 }).global;
  const formsOf = async (id: string) => {
    const key = createKeys({ shards: 1 }).shard(0).request('test-app', id);
    return (await redis.hmget(key, 'a', 'z')).map((stored) => formOf(stored ?? '{'));
  };
  const told = (id: string) => {
    const call = aCall({ requestId: id });
    const asked = { promptPreview: 'where is the plover egg' };
    return [call.started(asked), call.completed({ responsePreview: 'in xyzzy' })];
  };
  const early = Date.now();
  const first = await start('collector');
  await publish(bus, told('call-as-json'));
  await settled();
  expect(await formsOf('call-as-json')).toEqual(['json', 'json']);
  expect(Number(await redis.get(shortFrom))).toBeGreaterThan(early + 3_000_000);

  // What an hour does.
  await redis.set(shortFrom, early);
  await first.stop();
  await start('collector');
  await publish(bus, told('call-as-short'));
  await settled();
  expect(await formsOf('call-as-json')).toEqual(['json', 'json']);
  expect(await formsOf('call-as-short')).toEqual(['short', 'short']);
  const api = await start('api');
  const idsWith = async (text: string) =>
    (await ask<EndedRequest[]>(api, `/api/requests?q=${text}`)).map(({ id }) => id).sort();
  expect(await idsWith('plover')).toEqual(['call-as-json', 'call-as-short']);
  expect(await idsWith('xyzzy')).toEqual(['call-as-json', 'call-as-short']);
  const answer = await fetch(`${api.url}/api/prompts`, { method: 'DELETE' });
  expect(await answer.json()).toMatchObject({ done: true });
  expect(await idsWith('plover')).toEqual([]);
  expect(await idsWith('call-as')).toEqual(['call-as-json', 'call-as-short']);
  expect(await formsOf('call-as-json')).toEqual(['json', 'json']);
  expect(await formsOf('call-as-short')).toEqual(['short', 'short']);
  for (const key of await redis.keys('{s0}:req:test-app:*')) {
    expect(JSON.stringify(await redis.hgetall(key))).not.toMatch(/plover|xyzzy/);
  }
});

test('the change feed is written as the earlier version reads it until its readers are replaced; dashboards hear both forms', async () => {
  await restoreRecorded(redis, recorded);
  const { global, shard } = createKeys({ shards: 1 });
  // A store in which earlier changes of forms are long over.
  await redis.mset(global.shortFrom, 1, global.blocksFrom, 1);
  const early = Date.now();
  const first = await start('collector');
  const api = await start('api');
  const web = await start('web', { API_URL: api.url });
  const client = await startLiveClient(web.url);
  const lastNames = async () => {
    const [entry] = await redis.xrevrange(shard(0).feed, '+', '-', 'COUNT', 1);
    return entry?.[1].filter((_, i) => i % 2 === 0);
  };
  const begin = async (requestId: string, promptPreview: string) => {
    await publish(bus, [aCall({ requestId }).started({ promptPreview })]);
    await waitFor('a frame with its prompt', () =>
      client.frames.some(({ ops }) =>
        ops.some(([kind, call]) => kind === 'start' && call.prompt === promptPreview),
      ),
    );
  };
  await begin('in-many-values', 'where is the plover egg?');
  expect(await lastNames()).toContain('in-many-values:test-app');
  expect(Number(await redis.get(global.joinedFrom))).toBeGreaterThan(early + 3_000_000);

  // What an hour does.
  await redis.set(global.joinedFrom, early);
  await first.stop();
  await start('collector');
  await begin('in-one-value', 'what is \u{fffd}, \u001e, ÿ or 蛋? \u{1f95a}');
  expect(await lastNames()).toEqual(['joined']);
  expect(client.gaps).toEqual([]);
  client.close();
});

test('counts by bucket are written as the earlier version reads them until its readers are replaced; both forms are added up', async () => {
  await restoreRecorded(redis, recorded);
  const keys = createKeys({ shards: 1 });
  const { shortFrom, blocksFrom } = keys.global;
  // A store in which an earlier change of forms is long over.
  await redis.set(shortFrom, 1);
  const totals = keys.shard(0).totals(false);
  const before = (await readStore(redis)).buckets.totals;
  const blocks = async () => (await redis.hkeys(totals)).filter((name) => /^[DF]\d+$/.test(name));
  const calls = (name: string) =>
    [1, 2, 3].flatMap((i) => {
      const call = aCall({ requestId: `${name}-${i}`, app: 'buckets' });
      return [call.started(), call.completed({ durationMs: 5000 * i, ttftMs: 100 * i })];
    });
  const early = Date.now();
  const first = await start('collector');
  await publish(bus, calls('in-plain-fields'));
  await settled();
  expect(await blocks()).toEqual([]);
  expect(Number(await redis.get(blocksFrom))).toBeGreaterThan(early + 3_000_000);

  // What an hour does.
  await redis.set(blocksFrom, early);
  await first.stop();
  await start('collector');
  await publish(bus, calls('in-blocks'));
  await settled();
  expect((await blocks()).length).toBeGreaterThan(1);
  const { buckets } = await readStore(redis);
  const wanted = { ...before };
  for (const i of [1, 2, 3]) {
    for (const field of [`d${bucketOf(5000 * i)}`, `f${bucketOf(100 * i)}`]) {
      wanted[field] = (wanted[field] ?? 0) + 2;
    }
  }
  expect(buckets.totals).toEqual(wanted);
  const api = await start('api');
  const { totals: figures } = await ask<Stats>(api, '/api/stats?app=buckets');
  // Seconds, within 2 %.
  expect(Math.abs((figures.p50 ?? 0) - 10)).toBeLessThan(0.2);
});
