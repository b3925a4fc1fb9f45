import { createKeys } from '@llm-monitor/contracts/redis';
import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent } from '@llm-monitor/contracts/events';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createFeedWriter, FEED_APP, type FeedWriter } from '../helpers/feed-writer.ts';
import { openLiveClient, startLiveClient, type LiveClient } from '../helpers/live-client.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

describe.each([1, 3])('live data over %i shard(s)', (shards) => {
  const keys = createKeys({ shards });
  const clients: LiveClient[] = [];
  let nats: NatsServer;
  let server: RedisServer;
  let connection: NatsConnection;
  let redis: Redis;
  let feed: FeedWriter;
  let web: Service;
  let replica: Service;

  beforeAll(async () => {
    [nats, server] = await Promise.all([startNats(), startRedis()]);
    redis = new Redis(server.url);
    redis.on('error', () => undefined);
    connection = await connect({ servers: nats.url });
    feed = createFeedWriter(redis, keys);
    const env = { NATS_URL: nats.url, REDIS_URL: server.url, REDIS_SHARDS: String(shards) };
    [web, replica] = await Promise.all([startService('web', env), startService('web', env)]);
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await Promise.all([web.stop(), replica.stop()]);
    await connection.close();
    redis.disconnect();
    await Promise.all([nats.stop(), server.stop()]);
  });

  async function join(...args: Parameters<typeof startLiveClient>): Promise<LiveClient> {
    const client = await startLiveClient(...args);
    clients.push(client);
    return client;
  }

  async function publishProgress(requestId: string, chunks: number, demo = false): Promise<void> {
    const data = {
      requestId,
      app: FEED_APP,
      model: 'm',
      phase: 'generating',
      chunks,
      chars: chunks,
    };
    const event = createEvent({
      ...{ id: `${requestId}:${chunks}`, source: '/test', type: 'llm.progress.v1' },
      ...{ time: new Date().toISOString(), data: demo ? { ...data, demo } : data },
    });
    connection.publish(subjects.progress(FEED_APP, 'm'), JSON.stringify(event));
    await connection.flush();
  }

  test('a browser that joins while calls start and end misses none of them', async () => {
    const client = await join(web.url);
    const ids: string[] = [];
    const late: Promise<LiveClient>[] = [];
    for (let i = 0; i < 120; i++) {
      ids.push(await feed.start());
      if (i % 3 === 0) await feed.first(ids[i]!);
      if (i % 2 === 0) await feed.end(ids[i]!);
      if (i % 40 === 20) late.push(join(web.url));
    }
    const everyone = [client, ...(await Promise.all(late))];
    const last = await feed.start();

    await waitFor('the last start', () => everyone.every((one) => one.running.has(last)));
    expect(ids.filter((id, i) => client.ended.has(id) !== (i % 2 === 0))).toEqual([]);
    expect(ids.filter((id, i) => client.running.has(id) !== (i % 2 === 1))).toEqual([]);
    expect(client.running.get(ids[3]!)?.ttft).toBe(0.25);
    for (const one of everyone) {
      expect(one.gaps).toEqual([]);
      expect(one.snapshots).toHaveLength(1);
    }
  });

  test('another replica resumes a browser with one frame', async () => {
    const client = await join(web.url);
    const before = await feed.start();
    await waitFor('the start', () => client.running.has(before));
    client.close();
    await feed.end(before);
    const missed = await feed.start();

    const resumed = await join(replica.url, { resume: client.have() });

    expect(resumed.snapshots).toEqual([]);
    expect([...resumed.running.keys()]).toEqual([missed]);
    expect([...resumed.ended.keys()]).toEqual([before]);
    const next = await feed.start();
    await waitFor('what comes next', () => resumed.running.has(next));
    expect(resumed.gaps).toEqual([]);
  });

  test('a replica that started later resumes from Redis, as far back as the feed reaches', async () => {
    // An entry in each shard: of an empty feed nobody can say whether something was cut off.
    await Promise.all(Array.from({ length: 20 }, () => feed.start()));
    const client = await join(web.url);
    client.close();
    const missed = await feed.start();
    const env = { NATS_URL: nats.url, REDIS_URL: server.url, REDIS_SHARDS: String(shards) };
    const young = await startService('web', env);
    try {
      const resumed = await join(young.url, { resume: client.have() });
      expect([...resumed.running.keys()]).toEqual([missed]);
      expect(resumed.snapshots).toEqual([]);

      await feed.start();
      for (let i = 0; i < shards; i++) await redis.xtrim(keys.shard(i).feed, 'MAXLEN', 0);
      for (let i = 0; i < 20; i++) await feed.start();
      const older = await startService('web', env);
      try {
        const tooLate = await join(older.url, { resume: client.have() });
        expect(tooLate.snapshots).toHaveLength(1);
      } finally {
        await older.stop();
      }
    } finally {
      await young.stop();
    }
  });

  test('an unknown epoch is answered by a snapshot', async () => {
    const client = await join(web.url, { resume: { epoch: 'another life', pos: ['1-0'] } });
    expect(client.snapshots).toHaveLength(1);
  });

  test('progress of a running call arrives between the frames', async () => {
    const client = await join(web.url);
    const id = await feed.start();
    await waitFor('the start', () => client.running.has(id));

    await waitFor('progress', async () => {
      await publishProgress(id, 17);
      return client.running.get(id)?.tokens === 17;
    });
    expect(client.gaps).toEqual([]);
  });

  test('a view of demo traffic and one of real calls never see each other', async () => {
    const real = await join(web.url);
    const demo = await join(web.url, { demo: true });
    const realId = await feed.start();
    const demoId = await feed.start({ demo: true });
    await feed.first(realId);
    await feed.first(demoId);
    await waitFor('both starts', () => real.running.has(realId) && demo.running.has(demoId));
    await waitFor('progress', async () => {
      await publishProgress(realId, 5);
      await publishProgress(demoId, 7, true);
      return real.running.get(realId)?.tokens === 5 && demo.running.get(demoId)?.tokens === 7;
    });
    await feed.end(realId);
    await feed.end(demoId, { demo: true });
    await waitFor('both ends', () => real.ended.has(realId) && demo.ended.has(demoId));

    expect(JSON.stringify(real.frames)).not.toContain(demoId);
    expect(JSON.stringify(demo.frames)).not.toContain(realId);
    expect([...real.gaps, ...demo.gaps]).toEqual([]);
  });

  test('a browser changes its view with a snapshot', async () => {
    const client = await join(web.url);
    expect(await client.watch({ demo: true })).toEqual({ ok: true });
    await waitFor('the snapshot of the other view', () => client.snapshots.length === 2);
    const real = await feed.start();
    const demo = await feed.start({ demo: true });
    await waitFor('demo traffic', () => client.running.has(demo));
    expect(client.running.has(real)).toBe(false);
  });

  test('a paused browser gets nothing, and one frame with all of it when it goes on', async () => {
    const client = await join(web.url);
    const other = await join(web.url);
    await client.watch({ paused: true });
    const had = client.frames.length;
    const missed = [await feed.start(), await feed.start()];
    await waitFor('others to see it', () => missed.every((id) => other.running.has(id)));
    expect(client.frames.length).toBe(had);

    await client.watch({ paused: false });

    await waitFor('what was missed', () => missed.every((id) => client.running.has(id)));
    expect(client.snapshots).toHaveLength(1);
    const next = await feed.start();
    await waitFor('what comes next', () => client.running.has(next));
    expect(client.gaps).toEqual([]);
  });

  test('messages that make no sense are refused by their acknowledgement and change nothing', async () => {
    const client = await join(web.url);
    const bad: [string, unknown][] = [
      ['watch', { demo: 'yes' }],
      ['watch', null],
      ['resume', { epoch: 7 }],
      ['resume', { epoch: 'x', pos: ['; FLUSHALL'] }],
      ['resume', []],
    ];
    for (const [event, message] of bad) {
      const answer: unknown = await client.socket.emitWithAck(event, message);
      expect(answer).toMatchObject({ ok: false });
    }
    client.socket.emit('watch');
    client.socket.emit('no such thing', { a: 1 });
    const id = await feed.start();
    await waitFor('the next call', () => client.running.has(id));
  });

  test('an oversize message closes the socket that sent it, and no other', async () => {
    const client = await join(web.url);
    const loud = await join(web.url);
    const closed = new Promise((resolve) => loud.socket.once('disconnect', resolve));
    loud.socket.emit('watch', { demo: false, padding: 'x'.repeat(20_000) });
    await closed;
    loud.close();
    const id = await feed.start();
    await waitFor('the next call', () => client.running.has(id));
    expect(client.socket.connected).toBe(true);
  });

  test('a browser that stops reading is left behind, and gets a snapshot when it reads again', async () => {
    const client = await join(web.url);
    const slow = await join(web.url);
    slow.stopReading();
    let last: string | undefined;
    // Far more than the buffers between two processes hold.
    for (let i = 0; i < 80; i++) {
      last = (await feed.startMany({ calls: 20, promptChars: 20_000 })).at(-1)!;
      await waitFor('others to see it', () => client.running.has(last!));
    }
    slow.goOnReading();

    await waitFor('the snapshot', () => slow.snapshots.length === 2);
    expect(slow.running.has(last!)).toBe(false);
    const next = await feed.start();
    await waitFor('what comes next', () => slow.running.has(next) && client.running.has(next));
    expect([client.gaps, client.snapshots.length, slow.socket.connected]).toEqual([[], 1, true]);
  });

  test('an idle feed is heard every two seconds', async () => {
    const client = await join(web.url);
    const had = client.frames.length;
    await waitFor('signs of life', () => client.frames.length >= had + 2, { timeoutMs: 8000 });
    expect(client.gaps).toEqual([]);
  });

  test('figures follow for those who watch', async () => {
    const client = await join(web.url);
    const status = await waitFor('figures', () => client.figures('status'));
    expect(status).toMatchObject({ version: client.snapshots[0]!.version, active_requests: 0 });
    expect(await waitFor('models', () => client.figures('models'))).toEqual([]);
  });

  test('a new life of the store is shown from its beginning, without a new connection', async () => {
    const client = await join(web.url);
    const old = await feed.start();
    await waitFor('the start', () => client.running.has(old));
    const { epoch } = client.have();

    await redis.flushall();

    await waitFor('the new epoch', () => client.have().epoch !== epoch);
    expect(client.running.has(old)).toBe(false);
    const next = await feed.start();
    await waitFor('what comes next', () => client.running.has(next));
  });

  test('frames go on by themselves after Redis was killed and came back', async () => {
    const client = await join(web.url);
    const before = await feed.start();
    await waitFor('the start', () => client.running.has(before));

    await server.kill();
    const answer = await waitFor('the service to say so', async () => {
      const ready = await fetch(`${web.url}/ready`);
      return ready.status === 503 && ((await ready.json()) as { checks: { name: string }[] });
    });
    expect(answer.checks).toContainEqual(expect.objectContaining({ name: 'redis', ok: false }));
    expect((await fetch(`${web.url}/health`)).status).toBe(200);
    const late = openLiveClient(web.url);
    clients.push(late);
    await server.restart();
    await waitFor('Redis to be back', () => redis.status === 'ready');
    await waitFor('a snapshot for who came meanwhile', () => late.snapshots.length > 0);
    const after = await feed.start();

    await waitFor('frames', () => client.running.has(after) && late.running.has(after));
    expect(client.socket.connected).toBe(true);
    expect(client.running.has(before)).toBe(true);
    expect(client.gaps).toEqual([]);
  });
});
