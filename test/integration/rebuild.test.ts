import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { createKeys, LIFETIME, type Keys } from '@llm-monitor/contracts/redis';
import type { EndedRequest, Status } from '@llm-monitor/contracts/rest';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { startLiveClient } from '../helpers/live-client.ts';
import { createLoad, publishLoad, shuffle } from '../helpers/load.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { publish } from '../helpers/publish.ts';
import { readStore } from '../helpers/read-store.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const SHARDS = 2;
const HOUR_MS = 3_600_000;

let nats: NatsServer;
let server: RedisServer;
let redis: Redis;
let bus: NatsConnection;
let manager: JetStreamManager;
let collectors: Service[];
let api: Service;
let web: Service;

const environment = () => ({
  ...{ NATS_URL: nats.url, REDIS_URL: server.url, REDIS_SHARDS: String(SHARDS) },
  ACK_WAIT_MS: '2000',
});

beforeEach(async () => {
  [nats, server] = await Promise.all([startNats(), startRedis()]);
  redis = new Redis(server.url);
  bus = await connect({ servers: nats.url });
  manager = await jetstreamManager(bus);
  collectors = [
    await startService('collector', environment(), { until: 'ready' }),
    await startService('collector', environment(), { until: 'ready' }),
  ];
  api = await startService('api', environment(), { until: 'ready' });
  web = await startService('web', { ...environment(), API_URL: api.url }, { until: 'ready' });
});
afterEach(async () => {
  await Promise.all([...collectors, api, web].map((service) => service.stop()));
  await bus.close();
  redis.disconnect();
  await Promise.all([nats.stop(), server.stop()]);
});

async function rebuild(...args: string[]): Promise<{ code: number; said: string }> {
  const program = join(projectRoot(), 'services/collector/dist/rebuild/main.js');
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...environment() },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => (said += data.toString()));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, said };
}

const present = async (): Promise<Keys> => {
  const generation = Number((await redis.get('{s0}:generation')) ?? 1);
  return createKeys({ shards: SHARDS, generation });
};
const reading = async () => {
  const { shed: _, ...read } = await readStore(redis, SHARDS, (await present()).generation);
  return read;
};
const status = async () => (await (await fetch(`${api.url}/api/status`)).json()) as Status;

/** Ended calls, as the lifetimes count them by who answered. */
async function providersCounted(): Promise<number> {
  const keys = await present();
  let count = 0;
  for (let index = 0; index < SHARDS; index++) {
    const shard = keys.shard(index);
    for (const member of await redis.smembers(shard.rollupIndex(LIFETIME))) {
      const fields = Object.entries(await redis.hgetall(shard.rollup(LIFETIME, member)));
      for (const [field, text] of fields) if (field.startsWith('p:')) count += Number(text);
    }
  }
  return count;
}

async function settled(): Promise<void> {
  await waitFor('all events to be collected', async () => {
    const info = await manager.consumers.info('LLM_REQUESTS', 'collector');
    return info.num_pending + info.num_ack_pending === 0;
  });
}

/** Publishes calls and waits until they are counted. */
async function load(seed: number, calls: number): Promise<void> {
  const { events } = createLoad({ seed, calls });
  await publishLoad(bus, shuffle(events, seed));
  await settled();
}

test('a rebuild changes no number, and everybody shows the new generation within seconds', async () => {
  const hour = Math.floor(Date.now() / HOUR_MS);
  for (const one of [hour - 1, hour]) {
    for (const shard of [0, 1]) await redis.zadd(`{s${shard}}:hist-parted`, one, one);
  }
  await redis.expire('{s0}:hist-parted', 86_400);
  await redis.expire('{s1}:hist-parted', 86_400);
  await load(1, 600);
  const before = await reading();
  expect(before.lifetimes).toEqual(before.totals);
  const wanted = await status();
  const browser = await startLiveClient(web.url);
  const { code, said } = await rebuild();
  expect({ code, said }).toMatchObject({
    code: 0,
    said: expect.stringContaining('"generation":2'),
  });
  expect(await redis.get('{s0}:generation')).toBe('2');
  expect(await reading()).toEqual(before);
  // Hours are packed as they were, in whatever order their calls are brought over.
  expect(await redis.zrange('g2:{s1}:hist-parted', '0', '-1')).toEqual([`${hour - 1}`, `${hour}`]);
  const parts = async (key: string) => (await redis.smembers(key)).toSorted();
  expect(await parts('g2:{s1}:hist')).toEqual(await parts('{s1}:hist'));
  await waitFor('a snapshot of the new generation', () => browser.snapshots.length >= 2);
  expect(browser.snapshots.at(-1)?.status.total_requests).toBe(600);
  expect(browser.running.size).toBe(before.active);
  browser.close();
  const counts = ({
    total_requests,
    completed_requests,
    total_tokens,
    active_requests,
  }: Status) => [...[total_requests, completed_requests, total_tokens, active_requests]];
  await waitFor('the API to follow', async () => {
    return JSON.stringify(counts(await status())) === JSON.stringify(counts(wanted));
  });
  // What comes now goes to the new one, and the old one stays as it was.
  const old = await readStore(redis, SHARDS, 1);
  await publish(bus, [aCall().started()]);
  await settled();
  expect((await reading()).totals.started).toBe(before.totals.started + 1);
  expect(await readStore(redis, SHARDS, 1)).toEqual(old);
});

test('numbers stay what they are though the stream has lost its older half', async () => {
  await load(2, 300);
  const { state } = await manager.streams.info('LLM_REQUESTS');
  await load(3, 300);
  const before = await reading();
  await manager.streams.purge('LLM_REQUESTS', { seq: Math.floor(state.last_seq * 0.9) });
  expect((await rebuild()).code).toBe(0);
  expect(await reading()).toEqual(before);
});

test('what only counts tell of stays counted, and what was let go does not come back', async () => {
  const old = aCall({ app: 'old', startedAt: new Date(Date.now() - 5 * HOUR_MS) });
  await publish(bus, [old.started(), old.completed()], { sentAt: new Date() });
  await load(4, 50);
  const { totals, lifetimes } = await reading();
  await manager.streams.purge('LLM_REQUESTS');
  const deleted = await fetch(`${api.url}/api/requests/${old.id}`, { method: 'DELETE' });
  expect(deleted.status).toBe(200);
  expect((await rebuild()).code).toBe(0);
  expect(await reading()).toMatchObject({ totals, lifetimes });
  expect((await fetch(`${api.url}/api/requests/${old.id}`)).status).toBe(404);
  const page = await fetch(`${api.url}/api/requests?app=old`);
  expect((await page.json()) as EndedRequest[]).toEqual([]);
});

test('counts are exact though calls come all the while, and two changes of generation', async () => {
  const { events, truth } = createLoad({ seed: 5, calls: 1500 });
  const publishing = publishLoad(bus, events, { perSecond: 900 });
  await waitFor('some to be counted', async () => (await reading()).totals.started > 100);
  expect((await rebuild()).code).toBe(0);
  expect((await rebuild()).code).toBe(0);
  await publishing;
  await settled();
  const { totals, minutes, hours, active } = await reading();
  expect(totals).toEqual(truth);
  expect(minutes).toEqual(truth);
  expect(hours).toEqual(truth);
  expect(active).toBe(truth.started - truth.completed - truth.failed - truth.cancelled);
  // What only lifetimes have of a call, for counters that others read.
  expect(await providersCounted()).toBe(truth.completed + truth.failed + truth.cancelled);
  // The one before the former is gone; the first is not kept for ever.
  expect(await redis.keys('{s*}:req:*')).toEqual([]);
});

test('damaged counts are put right where the stream knows better', async () => {
  const hourNow = () => Math.floor(Date.now() / HOUR_MS);
  const began = hourNow();
  await load(6, 200);
  const before = await reading();
  const hours = new Set([began, hourNow()]);
  const { prefix } = (await present()).shard(0);
  for (const key of await redis.keys(`${prefix}roll:[mh]*`)) {
    const isOfLoad = [...hours].some((hour) => key.includes(`:h${hour}:`));
    if (isOfLoad) await redis.hincrby(key, 'ok', 1000);
  }
  expect((await reading()).hours.completed).toBeGreaterThan(before.hours.completed);
  expect((await rebuild()).code).toBe(0);
  expect((await reading()).hours).toEqual(before.hours);
});

test('a second rebuild at the same time is refused, and one that was killed leaves all as it was', async () => {
  await redis.zadd('{s0}:hist-parted', 1, 1);
  await load(7, 100);
  const before = await reading();
  await redis.set('{s0}:rebuild', 'somebody else', 'PX', 30_000);
  const refused = await rebuild();
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('Another rebuild runs') });
  await redis.del('{s0}:rebuild');
  await redis.hset('g2:{s0}:req:left:over-from-before', 'b', '1');
  expect(await reading()).toEqual(before);
  expect((await rebuild()).code).toBe(0);
  expect(await reading()).toEqual(before);
  const dropped = await rebuild('drop-old');
  expect(dropped.said).toMatch(/"dropped":[1-9]/);
  expect(await redis.keys('{s*}:roll:*')).toEqual([]);
  expect(await redis.keys('{s*}:hist*')).toEqual([]);
  expect(await reading()).toEqual(before);
});
