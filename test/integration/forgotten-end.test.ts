import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { busPermissions, CONNECTOR_CONSUMER, STREAMS } from '@llm-monitor/contracts/bus';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createLoad, publishLoad } from '../helpers/load.ts';
import { startOtlpReceiver, type OtlpReceiver } from '../helpers/otlp/otlp-receiver.ts';
import { readStore } from '../helpers/read-store.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

let folder: string;
let nats: NatsServer;
let redis: RedisServer;
let store: Redis;
let receiver: OtlpReceiver;
let collector: Service;
let connectors: Service;
let started = 0;
let ended = 0;

const startCollector = () =>
  startService('collector', { NATS_URL: nats.url, REDIS_URL: redis.url }, { until: 'ready' });
/** Connectors may do here what they may in the stack, the others all. */
async function writeUsers(): Promise<string> {
  const { publish, subscribe } = busPermissions('connectors', 'connectors');
  const permissions = { publish: { allow: publish }, subscribe: { allow: subscribe } };
  const users = [
    { user: 'others', password: 'others' },
    { user: 'connectors', password: 'connectors', permissions },
  ];
  const path = join(folder, 'users.conf');
  const conf = { no_auth_user: 'others', authorization: { users } };
  await writeFile(path, JSON.stringify(conf).slice(1, -1));
  return path;
}

const startConnectors = () => {
  const url = nats.url.replace('//', '//connectors:connectors@');
  const env = { NATS_URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  return startService('connectors', env, { until: 'ready' });
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forgotten-end-'));
  [nats, redis, receiver] = await Promise.all([
    startNats({ folder, args: ['-c', await writeUsers()] }),
    startRedis(),
    startOtlpReceiver(),
  ]);
  store = new Redis(redis.url);
  [collector, connectors] = await Promise.all([startCollector(), startConnectors()]);
});

afterAll(async () => {
  store.disconnect();
  await Promise.all([collector.stop(), connectors.stop(), receiver.close()]);
  await Promise.all([nats.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function publish(seed: number, calls: number): Promise<void> {
  const connection = await connect({ servers: nats.url });
  const load = createLoad({ seed, calls });
  await publishLoad(connection, load.events);
  await connection.close();
  const { truth } = load;
  started += truth.started;
  ended += truth.completed + truth.failed + truth.cancelled;
}

const allCounted = () =>
  waitFor('all calls', async () => (await readStore(store, 1)).totals.started === started, {
    timeoutMs: 30_000,
  });

/** A call that is handed on twice has two spans. */
async function allHandedOnOnce(): Promise<void> {
  const ids = () =>
    receiver.spans
      // Some never end, which is found out on a slow machine.
      .filter(({ attributes }) => attributes['llm_monitor.outcome'] !== 'orphaned')
      .map(({ attributes }) => String(attributes['llm_monitor.request.id']));
  await waitFor('all spans', () => new Set(ids()).size === ended, { timeoutMs: 30_000 });
  // All that is in the stream was acknowledged: nothing more comes.
  await placeKept();
  expect(ids()).toHaveLength(ended);
}

/** Collectors note how far they are every two seconds, connectors when nothing comes. */
async function placeKept(): Promise<void> {
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  await waitFor('the places', async () => {
    const place = JSON.parse((await store.hget('{s0}:losses', 'LLM_REQUESTS:place')) ?? '{}');
    const { state } = await manager.streams.info(STREAMS.requests);
    const { config } = await manager.consumers.info(STREAMS.requests, CONNECTOR_CONSUMER);
    const isNoted = config.description?.includes(` message ${state.last_seq}, `);
    return isNoted && (place as { sequence?: number }).sequence === state.last_seq;
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

test('what comes after a stream forgot its end is counted and handed on, by services that were there', async () => {
  await publish(1, 60);
  await allCounted();
  await allHandedOnOnce();
  await forgetEnd();
  // Fewer than were forgotten.
  await publish(2, 10);
  await allCounted();
  await allHandedOnOnce();
  expect(await (await fetch(`${connectors.url}/ready`)).text()).toMatch(/without its last events/);
  expect((await readStore(store, 1)).requests).toBe(started);
});

test('and by those that come later, when the stream has more messages than before', async () => {
  await Promise.all([collector.stop(), connectors.stop()]);
  await forgetEnd();
  await publish(3, 120);
  [collector, connectors] = await Promise.all([startCollector(), startConnectors()]);
  await allCounted();
  await allHandedOnOnce();
  expect((await readStore(store, 1)).requests).toBe(started);
});
