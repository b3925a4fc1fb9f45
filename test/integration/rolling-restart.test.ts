// Every service is replaced, one after the other, while calls go on. `PREVIOUS_VERSION` names a built checkout of an earlier version,
// whose services run first; without it, those of this one do.
import { Redis } from 'ioredis';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { startLiveClient, type LiveClient } from '../helpers/live-client.ts';
import { addLoads, createLoad, publishLoad, type Load } from '../helpers/load.ts';
import { readStore } from '../helpers/read-store.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const PREVIOUS = process.env['PREVIOUS_VERSION'];
const EVENTS_A_SECOND = 400;
const CALLS_AT_ONCE = 50;
/**
 * What a collector of 0.1.0 had in hand when it ended comes again after 30 s. One of now leaves nothing behind.
 */
const COUNTED_WITHIN_MS = PREVIOUS ? 60_000 : 15_000;

let nats: NatsServer;
let server: RedisServer;
let redis: Redis;
let bus: NatsConnection;
const running = new Set<Service>();

beforeEach(async () => {
  [nats, server] = await Promise.all([startNats(), startRedis()]);
  redis = new Redis(server.url);
  bus = await connect({ servers: nats.url });
});
afterEach(async () => {
  await Promise.all([...running].map((service) => service.stop()));
  running.clear();
  await bus.close();
  redis.disconnect();
  await Promise.all([nats.stop(), server.stop()]);
});

type Name = 'collector' | 'api' | 'web';
interface Replica {
  name: Name;
  service: Service;
  env: Record<string, string>;
}

async function startReplica(name: Name, more: Record<string, string> = {}): Promise<Replica> {
  const env = { NATS_URL: nats.url, REDIS_URL: server.url, ...more };
  const service = await startService(name, env, { until: 'ready', root: PREVIOUS });
  running.add(service);
  return { name, service, env };
}

/** Ends it as an orchestrator does, and starts one of this version at its address. */
async function replace(replica: Replica): Promise<number | null> {
  replica.service.signal('SIGTERM');
  const code = await replica.service.exited;
  running.delete(replica.service);
  const env = { ...replica.env, PORT: String(replica.service.port) };
  replica.service = await startService(replica.name, env, { until: 'ready' });
  running.add(replica.service);
  return code;
}

/** Publishes calls until told that it is over. */
function startLoad(): { end(): Promise<Load> } {
  const loads: Load[] = [];
  let isOver = false;
  const going = (async () => {
    do {
      const load = createLoad({ seed: 7000 + loads.length, calls: CALLS_AT_ONCE });
      loads.push(load);
      await publishLoad(bus, load.events, { perSecond: EVENTS_A_SECOND });
    } while (!isOver);
  })();
  return {
    async end() {
      isOver = true;
      await going;
      return addLoads(...loads);
    },
  };
}

/** Asks the replicas of the API as a balancer does: who refuses is passed over. */
function startAsking(urls: readonly string[]): {
  end(): Promise<{ answers: number; failed: number }>;
} {
  const seen = { answers: 0, failed: 0 };
  let isOver = false;
  const isAnswered = async (url: string) => {
    const response = await fetch(`${url}/api/status`).catch(() => undefined);
    return (await response?.json().catch(() => undefined)) !== undefined && response?.ok === true;
  };
  const going = (async () => {
    for (let turn = 0; !isOver; turn++) {
      const [first = '', second = ''] = turn % 2 ? urls : urls.toReversed();
      const ok = (await isAnswered(first)) || (await isAnswered(second));
      seen[ok ? 'answers' : 'failed'] += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async end() {
      isOver = true;
      await going;
      return seen;
    },
  };
}

/** A dashboard whose server goes away: it comes back to the same address and says what it has. */
async function openDashboard(url: string): Promise<LiveClient> {
  const client = await startLiveClient(url);
  client.socket.auth = (give: (hello: object) => void) => give({ resume: client.have() });
  return client;
}

test('every replica is replaced under load: nothing is lost, nobody waits, no dashboard has a gap', async () => {
  const collectors = [await startReplica('collector'), await startReplica('collector')];
  const apis = [await startReplica('api'), await startReplica('api')];
  const webs: Replica[] = [];
  for (const api of apis) webs.push(await startReplica('web', { API_URL: api.service.url }));
  const dashboards = await Promise.all(webs.map(({ service }) => openDashboard(service.url)));
  const load = startLoad();
  const asking = startAsking(apis.map(({ service }) => service.url));

  // The order of the guide: who reads is replaced before who writes.
  const codes: (number | null)[] = [];
  for (const replica of [...apis, ...webs, ...collectors]) codes.push(await replace(replica));
  const { truth, events } = await load.end();
  const asked = await asking.end();

  expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  expect(asked.failed).toBe(0);
  expect(asked.answers).toBeGreaterThan(20);
  const ended = truth.completed + truth.failed + truth.cancelled;
  await waitFor(
    'all calls to be counted',
    async () => {
      const { totals, history } = await readStore(redis);
      return totals.started === truth.started && history === ended;
    },
    { timeoutMs: COUNTED_WITHIN_MS },
  );
  const reading = await readStore(redis);
  expect(reading).toMatchObject({ totals: truth, minutes: truth, hours: truth, history: ended });
  expect(reading.active).toBe(truth.started - ended);

  const endedIds = new Set(
    events
      .filter(({ subject }) => /completed|failed|cancelled/.test(subject))
      .map(({ event }) => (event.data as { requestId: string }).requestId),
  );
  for (const { gaps, snapshots, ended: seen, close } of dashboards) {
    await waitFor('the dashboard to have all ends', () => seen.size >= endedIds.size);
    expect(gaps).toEqual([]);
    expect(snapshots).toHaveLength(1);
    expect(new Set(seen.keys())).toEqual(endedIds);
    close();
  }
}, 120_000);
