import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent } from '@llm-monitor/contracts/events';
import type { EndedRequest, Status } from '@llm-monitor/contracts/rest';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { startLiveClient, type LiveClient } from '../helpers/live-client.ts';
import { createLoad, shuffle } from '../helpers/load.ts';
import { publish } from '../helpers/publish.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

describe('from the bus to browsers', () => {
  const clients: LiveClient[] = [];
  let nats: NatsServer;
  let redis: RedisServer;
  let connection: NatsConnection;
  let services: Service[];
  let web: Service;
  let replica: Service;

  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats(), startRedis()]);
    connection = await connect({ servers: nats.url });
    const env = { NATS_URL: nats.url, REDIS_URL: redis.url, REDIS_SHARDS: '3' };
    const [collector, api] = await Promise.all([
      startService('collector', env, { until: 'ready' }),
      startService('api', env),
    ]);
    [web, replica] = await Promise.all([
      startService('web', { ...env, API_URL: api.url }, { until: 'ready' }),
      startService('web', { ...env, API_URL: api.url }, { until: 'ready' }),
    ]);
    services = [web, replica, api, collector];
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await connection.close();
    await Promise.all(services.map((service) => service.stop()));
    await Promise.all([nats.stop(), redis.stop()]);
  });

  async function join(...args: Parameters<typeof startLiveClient>): Promise<LiveClient> {
    const client = await startLiveClient(...args);
    clients.push(client);
    return client;
  }

  async function getJson<T>(path: string): Promise<T> {
    return (await fetch(web.url + path)).json() as Promise<T>;
  }

  test('a call is a running row with its tokens, then one row of history', async () => {
    const client = await join(web.url);
    const call = aCall();
    await publish(connection, [call.started()]);
    await waitFor('the row', () => client.running.has(call.id));
    await publish(connection, [call.firstToken(250)]);
    await waitFor('the first token', () => client.running.get(call.id)?.ttft === 0.25);
    const data = {
      ...{ requestId: call.id, app: 'test-app', model: 'llama3.2:3b', phase: 'generating' },
      ...{ chunks: 42, chars: 170 },
    };
    const event = { id: 'p', source: '/test', type: 'llm.progress.v1', data };
    const progress = createEvent({ ...event, time: new Date().toISOString() });
    await waitFor('tokens', () => {
      connection.publish(subjects.progress('test-app', 'm'), JSON.stringify(progress));
      return client.running.get(call.id)?.tokens === 42;
    });
    // Who comes now has the tokens from the store.
    const late = await waitFor('a snapshot with tokens', async () => {
      const other = await join(web.url);
      return other.running.get(call.id)?.tokens === 42 && other;
    });

    await publish(connection, [call.completed()]);

    await waitFor('the end', () => client.ended.has(call.id) && late.ended.has(call.id));
    expect(client.running.has(call.id) || late.running.has(call.id)).toBe(false);
    const [stored] = await getJson<EndedRequest[]>('/api/requests?limit=1');
    const ops = client.frames.flatMap((frame) => frame.ops);
    const end = ops.find((op) => op[0] === 'end' && op[1].id === call.id);
    const { id, status, outcome, ended_at, tokens_generated } = stored!;
    expect(end?.[1]).toMatchObject({ id, status, outcome, ended_at, tokens_generated });
  });

  test('browsers that came before, during and after a burst all show what the store holds', async () => {
    const before = await join(web.url);
    const load = createLoad({ seed: 7, calls: 600 });
    const events = shuffle(load.events, 7);
    const during: Promise<LiveClient>[] = [];
    for (let i = 0; i < events.length; i += 100) {
      await publish(connection, events.slice(i, i + 100));
      during.push(join((i / 100) % 2 === 0 ? web.url : replica.url));
    }
    const left = before.have();
    await waitFor('all ends', async () => {
      const status = await getJson<Status>('/api/status');
      return status.completed_requests >= load.truth.completed && status;
    });
    const after = await join(replica.url);
    const everyone = [before, after, ...(await Promise.all(during))];
    const resumed = await join(replica.url, { resume: left });

    const active = await waitFor('a settled store', async () => {
      const rows = await getJson<{ id: string }[]>('/api/active');
      const { started, completed, failed, cancelled } = load.truth;
      return rows.length === started - completed - failed - cancelled && rows;
    });
    const expected = active.map(({ id }) => id).sort();
    for (const client of everyone) {
      await waitFor('the same rows', () => {
        return JSON.stringify([...client.running.keys()].sort()) === JSON.stringify(expected);
      });
      expect([client.gaps, client.snapshots.length]).toEqual([[], 1]);
    }
    const { completed, failed, cancelled } = load.truth;
    const ofLoad = [...before.ended.keys()].filter((id) => id.startsWith('load-'));
    expect(ofLoad).toHaveLength(completed + failed + cancelled);
    expect(resumed.gaps).toEqual([]);
    const status = await waitFor('figures', () => {
      const figures = before.figures('status');
      return figures?.active_requests === expected.length && figures;
    });
    expect(status.failed_requests).toBe(failed);
  });

  test('demo traffic is announced, and shown to those who ask for it', async () => {
    const real = await join(web.url);
    expect(real.snapshots[0]!.demoRunning).toBe(false);
    const demo = await join(web.url, { demo: true });
    const call = aCall({ demo: true });
    await publish(connection, [call.started(), call.completed()]);
    await waitFor('the demo call', () => demo.ended.has(call.id));
    await waitFor('the announcement', () => real.figures('demo'));
    expect(JSON.stringify(real.frames)).not.toContain(call.id);
    expect((await join(web.url)).snapshots[0]!.demoRunning).toBe(true);
  });
});
