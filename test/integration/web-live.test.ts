import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { LiveClient } from '../helpers/live-client.ts';
import { startLiveStack, type LiveStack } from '../helpers/live-stack.ts';
import type { Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

describe.each([1, 3])('live data over %i shard(s)', (shards) => {
  let stack: LiveStack;
  let web: Service;
  let replica: Service;

  beforeAll(async () => {
    stack = await startLiveStack(shards);
    [web, replica] = await Promise.all([stack.startWeb(), stack.startWeb()]);
  });
  afterEach(() => stack.closeClients());
  afterAll(() => stack.stop());

  test('a browser that joins while calls start and end misses none of them', async () => {
    const client = await stack.join(web.url);
    const ids: string[] = [];
    const late: Promise<LiveClient>[] = [];
    for (let i = 0; i < 120; i++) {
      ids.push(await stack.feed.start());
      if (i % 3 === 0) await stack.feed.first(ids[i]!);
      if (i % 2 === 0) await stack.feed.end(ids[i]!);
      if (i % 40 === 20) late.push(stack.join(web.url));
    }
    const everyone = [client, ...(await Promise.all(late))];
    const last = await stack.feed.start();

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
    const client = await stack.join(web.url);
    const before = await stack.feed.start();
    await waitFor('the start', () => client.running.has(before));
    client.close();
    await stack.feed.end(before);
    const missed = await stack.feed.start();

    const resumed = await stack.join(replica.url, { resume: client.have() });

    expect(resumed.snapshots).toEqual([]);
    expect([...resumed.running.keys()]).toEqual([missed]);
    expect([...resumed.ended.keys()]).toEqual([before]);
    const next = await stack.feed.start();
    await waitFor('what comes next', () => resumed.running.has(next));
    expect(resumed.gaps).toEqual([]);
  });

  test('a replica that started later resumes from Redis, as far back as the feed reaches', async () => {
    // An entry in each shard: of an empty feed nobody can say whether something was cut off.
    await Promise.all(Array.from({ length: 20 }, () => stack.feed.start()));
    const client = await stack.join(web.url);
    client.close();
    const missed = await stack.feed.start();
    const young = await stack.startWeb();
    const resumed = await stack.join(young.url, { resume: client.have() });
    expect([...resumed.running.keys()]).toEqual([missed]);
    expect(resumed.snapshots).toEqual([]);
    await young.stop();

    for (let i = 0; i < shards; i++) {
      await stack.redis.xtrim(stack.keys.shard(i).feed, 'MAXLEN', 0);
    }
    for (let i = 0; i < 20; i++) await stack.feed.start();
    const younger = await stack.startWeb();
    const tooLate = await stack.join(younger.url, { resume: client.have() });
    expect(tooLate.snapshots).toHaveLength(1);
    await younger.stop();
  });

  test('a burst into a feed that was empty is no loss to who watched it', async () => {
    await stack.redis.flushall();
    const own = await stack.startWeb();
    const client = await stack.join(own.url);
    // Held, so that the first read finds more than it takes at once.
    own.signal('SIGSTOP');
    const ids: string[] = [];
    for (let i = 0; i < 300 * shards; i++) ids.push(await stack.feed.start());
    own.signal('SIGCONT');
    await waitFor('the burst', () => ids.every((id) => client.running.has(id)));
    const next = await stack.feed.start();
    await waitFor('what comes next', () => client.running.has(next));
    expect([client.gaps, client.snapshots.length]).toEqual([[], 1]);
    await own.stop();
  });

  test('a browser that came before the feed was first read resumes with one frame', async () => {
    const client = await stack.join(web.url);
    const before = await stack.feed.start();
    await waitFor('the start', () => client.running.has(before));
    client.close();
    const missed = await stack.feed.start();
    process.kill(stack.server.pid(), 'SIGSTOP');
    const young = await stack.startWeb();
    const early = stack.open(young.url, { resume: client.have() });
    await waitFor('its connection', () => early.socket.connected);
    process.kill(stack.server.pid(), 'SIGCONT');
    await waitFor('what it missed', () => early.running.has(missed));
    expect([...early.running.keys()]).toEqual([missed]);
    expect([early.gaps, early.snapshots]).toEqual([[], []]);
    await young.stop();
  });

  test('an unknown epoch is answered by a snapshot', async () => {
    const client = await stack.join(web.url, { resume: { epoch: 'another life', pos: ['1-0'] } });
    expect(client.snapshots).toHaveLength(1);
  });

  test('progress of a running call arrives between the frames', async () => {
    const client = await stack.join(web.url);
    const id = await stack.feed.start();
    await waitFor('the start', () => client.running.has(id));

    await waitFor('progress', async () => {
      await stack.publishProgress(id, 17);
      return client.running.get(id)?.tokens === 17;
    });
    expect(client.gaps).toEqual([]);
  });

  test('a view of demo traffic and one of real calls never see each other', async () => {
    const real = await stack.join(web.url);
    const demo = await stack.join(web.url, { demo: true });
    const realId = await stack.feed.start();
    const demoId = await stack.feed.start({ demo: true });
    await stack.feed.first(realId);
    await stack.feed.first(demoId);
    await waitFor('both starts', () => real.running.has(realId) && demo.running.has(demoId));
    await waitFor('progress', async () => {
      await stack.publishProgress(realId, 5);
      await stack.publishProgress(demoId, 7, true);
      return real.running.get(realId)?.tokens === 5 && demo.running.get(demoId)?.tokens === 7;
    });
    await stack.feed.end(realId);
    await stack.feed.end(demoId, { demo: true });
    await waitFor('both ends', () => real.ended.has(realId) && demo.ended.has(demoId));

    expect(JSON.stringify(real.frames)).not.toContain(demoId);
    expect(JSON.stringify(demo.frames)).not.toContain(realId);
    expect([...real.gaps, ...demo.gaps]).toEqual([]);
  });

  test('a browser changes its view with a snapshot', async () => {
    const client = await stack.join(web.url);
    expect(await client.watch({ demo: true })).toEqual({ ok: true });
    await waitFor('the snapshot of the other view', () => client.snapshots.length === 2);
    const real = await stack.feed.start();
    const demo = await stack.feed.start({ demo: true });
    await waitFor('demo traffic', () => client.running.has(demo));
    expect(client.running.has(real)).toBe(false);
  });

  test('a paused browser gets nothing, and one frame with all of it when it goes on', async () => {
    const client = await stack.join(web.url);
    const other = await stack.join(web.url);
    await client.watch({ paused: true });
    const had = client.frames.length;
    const missed = [await stack.feed.start(), await stack.feed.start()];
    await waitFor('others to see it', () => missed.every((id) => other.running.has(id)));
    expect(client.frames.length).toBe(had);

    await client.watch({ paused: false });

    await waitFor('what was missed', () => missed.every((id) => client.running.has(id)));
    expect(client.snapshots).toHaveLength(1);
    const next = await stack.feed.start();
    await waitFor('what comes next', () => client.running.has(next));
    expect(client.gaps).toEqual([]);
  });

  test('a new life of the store is shown from its beginning, without a new connection', async () => {
    const client = await stack.join(web.url);
    const old = await stack.feed.start();
    await waitFor('the start', () => client.running.has(old));
    const { epoch } = client.have();

    await stack.redis.flushall();

    await waitFor('the new epoch', () => client.have().epoch !== epoch);
    expect(client.running.has(old)).toBe(false);
    const next = await stack.feed.start();
    await waitFor('what comes next', () => client.running.has(next));
  });
});
