import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { startLiveStack, type LiveStack } from '../helpers/live-stack.ts';
import type { Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

describe('live data when something is wrong', () => {
  let stack: LiveStack;
  let web: Service;

  beforeAll(async () => {
    stack = await startLiveStack(2);
    web = await stack.startWeb();
  });
  afterEach(() => stack.closeClients());
  afterAll(() => stack.stop());

  test('messages that make no sense are refused by their acknowledgement and change nothing', async () => {
    const client = await stack.join(web.url);
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
    const id = await stack.feed.start();
    await waitFor('the next call', () => client.running.has(id));
  });

  test('an oversize message closes the socket that sent it, and no other', async () => {
    const client = await stack.join(web.url);
    const loud = await stack.join(web.url);
    const closed = new Promise((resolve) => loud.socket.once('disconnect', resolve));
    loud.socket.emit('watch', { demo: false, padding: 'x'.repeat(20_000) });
    await closed;
    loud.close();
    const id = await stack.feed.start();
    await waitFor('the next call', () => client.running.has(id));
    expect(client.socket.connected).toBe(true);
  });

  test('a browser that stops reading is left behind, and gets a snapshot when it reads again', async () => {
    const client = await stack.join(web.url);
    const slow = await stack.join(web.url);
    slow.stopReading();
    let last: string | undefined;
    // Far more than the buffers between two processes hold.
    for (let i = 0; i < 80; i++) {
      last = (await stack.feed.startMany({ calls: 20, promptChars: 20_000 })).at(-1)!;
      await waitFor('others to see it', () => client.running.has(last!));
    }
    slow.goOnReading();

    await waitFor('the snapshot', () => slow.snapshots.length === 2);
    expect(slow.running.has(last!)).toBe(false);
    const next = await stack.feed.start();
    await waitFor('what comes next', () => slow.running.has(next) && client.running.has(next));
    expect([client.gaps, client.snapshots.length, slow.socket.connected]).toEqual([[], 1, true]);
  });

  test('an idle feed is heard every two seconds', async () => {
    const client = await stack.join(web.url);
    const had = client.frames.length;
    await waitFor('signs of life', () => client.frames.length >= had + 2);
    expect(client.gaps).toEqual([]);
  });

  test('a clock that is set back stops neither signs of life nor answers', async () => {
    const setBack = `const { now } = Date; let backMs = 0;
      Date.now = () => now() - backMs;
      process.on('SIGWINCH', () => { backMs = 3_600_000; });`;
    const own = await stack.startWeb({
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(setBack)}`,
    });
    const client = await stack.join(own.url);
    const { serverTime } = client.snapshots[0]!;
    own.signal('SIGWINCH');
    await waitFor('a sign of life by the new clock', () =>
      client.frames.some((frame) => frame.serverTime < serverTime),
    );
    await client.watch({ paused: true });
    const missed = await stack.feed.start();
    await client.watch({ paused: false });
    await waitFor('what was missed', () => client.running.has(missed));
    await own.stop();
  });

  test('who comes back is told of alerts that changed meanwhile', async () => {
    const [client, other] = [await stack.join(web.url), await stack.join(web.url)];
    await client.watch({ paused: true });
    await stack.redis.hset(stack.keys.global.alertStatus, 'evaluatedAtMs', Date.now() + 60_000);
    const areEvaluated = (one: typeof client) => one.figures('alerts')?.evaluated === true;
    await waitFor('others to be told', () => areEvaluated(other));
    expect(areEvaluated(client)).toBe(false);
    await client.watch({ paused: false });
    await waitFor('the alerts', () => areEvaluated(client));
    expect(client.snapshots).toHaveLength(1);
  });

  test('figures follow for those who watch', async () => {
    const client = await stack.join(web.url);
    const status = await waitFor('figures', () => client.figures('status'));
    expect(status).toMatchObject({ version: client.snapshots[0]!.version, active_requests: 0 });
    expect(await waitFor('models', () => client.figures('models'))).toEqual([]);
  });

  test('progress goes on after NATS was killed and came back', async () => {
    const client = await stack.join(web.url);
    const id = await stack.feed.start();
    await waitFor('the start', () => client.running.has(id));
    await stack.nats.kill();
    await waitFor('the service to say so', async () => {
      return (await (await fetch(`${web.url}/ready`)).text()).includes('"name":"nats","ok":false');
    });
    const meanwhile = await stack.feed.start();
    await waitFor('a call without NATS', () => client.running.has(meanwhile));

    await stack.nats.restart();

    await waitFor('progress', async () => {
      await stack.publishProgress(id, 9);
      return client.running.get(id)?.tokens === 9;
    });
    expect([client.gaps, client.snapshots.length]).toEqual([[], 1]);
  });

  test('frames stop while Redis hangs, and go on when it answers again', async () => {
    const client = await stack.join(web.url);
    process.kill(stack.server.pid(), 'SIGSTOP');
    await waitFor('the service to say so', async () => {
      return (await (await fetch(`${web.url}/ready`)).text()).includes('"name":"feed","ok":false');
    });
    process.kill(stack.server.pid(), 'SIGCONT');
    const id = await stack.feed.start();
    await waitFor('what comes next', () => client.running.has(id));
    expect([client.gaps, client.socket.connected]).toEqual([[], true]);
  });

  test('frames go on by themselves after Redis was killed and came back', async () => {
    const client = await stack.join(web.url);
    const before = await stack.feed.start();
    await waitFor('the start', () => client.running.has(before));

    await stack.server.kill();
    const answer = await waitFor('the service to say so', async () => {
      const ready = await fetch(`${web.url}/ready`);
      return ready.status === 503 && ((await ready.json()) as { checks: { name: string }[] });
    });
    expect(answer.checks).toContainEqual(expect.objectContaining({ name: 'redis', ok: false }));
    expect((await fetch(`${web.url}/health`)).status).toBe(200);
    const late = stack.open(web.url);
    await stack.server.restart();
    await waitFor('Redis to be back', () => stack.redis.status === 'ready');
    await waitFor('a snapshot for who came meanwhile', () => late.snapshots.length > 0);
    const after = await stack.feed.start();

    await waitFor('frames', () => client.running.has(after) && late.running.has(after));
    expect(client.socket.connected).toBe(true);
    expect(client.running.has(before)).toBe(true);
    expect(client.gaps).toEqual([]);
  });
});
