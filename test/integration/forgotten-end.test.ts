import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createLoad, publishLoad } from '../helpers/load.ts';
import { readStore } from '../helpers/read-store.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

let folder: string;
let nats: NatsServer;
let redis: RedisServer;
let store: Redis;
let collector: Service;
let started = 0;

const startCollector = () =>
  startService('collector', { NATS_URL: nats.url, REDIS_URL: redis.url }, { until: 'ready' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forgotten-end-'));
  [nats, redis] = await Promise.all([startNats({ folder }), startRedis()]);
  store = new Redis(redis.url);
  collector = await startCollector();
});

afterAll(async () => {
  store.disconnect();
  await collector.stop();
  await Promise.all([nats.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function publish(seed: number, calls: number): Promise<void> {
  const connection = await connect({ servers: nats.url });
  const load = createLoad({ seed, calls });
  await publishLoad(connection, load.events);
  await connection.close();
  started += load.truth.started;
}

const allCounted = () =>
  waitFor('all calls', async () => (await readStore(store, 1)).totals.started === started, {
    timeoutMs: 30_000,
  });

/** Collectors note how far they are every two seconds. */
async function placeKept(): Promise<void> {
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  await waitFor('the place', async () => {
    const place = JSON.parse((await store.hget('{s0}:losses', 'LLM_REQUESTS:place')) ?? '{}');
    const { state } = await manager.streams.info('LLM_REQUESTS');
    return (place as { sequence?: number }).sequence === state.last_seq;
  });
  await connection.close();
}

/** As a power cut leaves it: the end of the stream is not on the disk, the place of its consumer is. */
async function forgetEnd(): Promise<void> {
  await nats.kill();
  const all = await readdir(folder, { recursive: true });
  const blocks = all.filter((path) => /LLM_REQUESTS\/msgs\/\d+\.blk$/.test(path));
  expect(blocks).toHaveLength(1);
  const path = join(folder, blocks[0] ?? '');
  await truncate(path, Math.floor((await stat(path)).size / 3));
  await nats.restart();
}

test('what comes after a stream forgot its end is counted, by a collector that was there', async () => {
  await publish(1, 60);
  await allCounted();
  await placeKept();
  await forgetEnd();
  // Fewer than were forgotten.
  await publish(2, 10);
  await allCounted();
  expect((await readStore(store, 1)).requests).toBe(started);
});

test('and by one that comes later, when the stream has more messages than before', async () => {
  await placeKept();
  await collector.stop();
  await forgetEnd();
  await publish(3, 120);
  collector = await startCollector();
  await allCounted();
  expect((await readStore(store, 1)).requests).toBe(started);
});
