import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { LiveClient } from '../helpers/live-client.ts';
import { startLiveStack, type LiveStack } from '../helpers/live-stack.ts';
import { startApi } from '../helpers/start-api.ts';
import { waitFor } from '../helpers/wait-for.ts';

let stack: LiveStack;
let watcher: Redis;

beforeAll(async () => {
  stack = await startLiveStack(1);
  // What Redis says of itself must not be in what it says.
  watcher = new Redis(stack.redis.options.port ?? 0, '127.0.0.1');
});
afterAll(async () => {
  watcher?.disconnect();
  await stack?.stop();
});

const OWN = new Set(['info', 'config|resetstat', 'ping', 'client|setname', 'hello']);

/** How often each command ran while something was done. */
async function commandsOf(act: () => Promise<void>): Promise<Record<string, number>> {
  await watcher.config('RESETSTAT');
  await act();
  const text = await watcher.info('commandstats');
  const counts = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(
    ([, name = '', calls]) => [name, Number(calls)] as const,
  );
  return Object.fromEntries(counts.filter(([name]) => !OWN.has(name)));
}

const sumOf = (counts: Record<string, number>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

test('a thousand askers of the status cost Redis what one costs', async () => {
  let nowMs = 0;
  const api = await startApi({
    ...{ redisUrl: `redis://127.0.0.1:${stack.redis.options.port}`, shards: 1 },
    elapsedMs: () => nowMs,
  });
  try {
    await api.get('/api/status');
    nowMs += 60_000;
    const one = await commandsOf(async () => void (await api.get('/api/status')));
    nowMs += 60_000;
    const many = await commandsOf(async () => {
      await Promise.all(Array.from({ length: 50 }, () => api.get('/api/status')));
      for (let i = 0; i < 19; i++) {
        await Promise.all(Array.from({ length: 50 }, () => api.get('/api/status')));
      }
    });
    expect(many).toEqual(one);
    expect(sumOf(one)).toBeGreaterThan(3);
  } finally {
    await api.close();
  }
});

test('what fifty dashboards are sent costs Redis what one costs', async () => {
  const web = await stack.startWeb();
  const clients: LiveClient[] = [];
  const whileWatched = () =>
    commandsOf(async () => {
      // Until figures came so often, with calls in between: a measure that needs no clock.
      const [first] = clients;
      if (!first) throw new Error('nobody looks');
      for (let i = 0; i < 6; i++) {
        const seen = first.frames.length;
        const id = await stack.feed.start();
        await stack.feed.end(id);
        await waitForStatus(first, seen);
      }
    });
  clients.push(await stack.join(web.url));
  const one = await whileWatched();
  for (let i = 1; i < 50; i++) clients.push(await stack.join(web.url));
  const many = await whileWatched();

  for (const client of clients) expect(client.figures('status')).toBeDefined();
  // The looks at the feed and at the epoch go by the clock: a few more or fewer on a busy machine.
  expect(sumOf(many)).toBeLessThan(2 * sumOf(one));
  expect(sumOf(one)).toBeGreaterThan(20);
});

async function waitForStatus(client: LiveClient, from: number): Promise<void> {
  await waitFor('figures', () =>
    client.frames
      .slice(from)
      .some(({ ops }) => ops.some(([kind]) => kind === 'hosts' || kind === 'status')),
  );
}
