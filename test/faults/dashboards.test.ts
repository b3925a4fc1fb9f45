import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

import type { LiveClient } from '../helpers/live-client.ts';
import { readLiveHeap, WITH_INSPECTOR } from '../helpers/live-heap.ts';
import { startLiveStack, type LiveStack } from '../helpers/live-stack.ts';
import { memoryOf } from '../helpers/memory-of.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { pause } from './lengths.ts';
import { report } from './report.ts';

const STALLED = 100;
const SOCKETS = 1000;
const MORE_MIB = 20;

let stack: LiveStack;
let web: Service;
beforeEach(async () => {
  stack = await startLiveStack(2);
  web = await stack.startWeb();
});
afterEach(async () => {
  stack.closeClients();
  await stack.stop();
});

const startMany = (calls: number) => stack.feed.startMany({ calls, promptChars: 10_000 });

test('dashboards that stop reading cost the web service next to nothing, and get a snapshot when they read again', async () => {
  // Resident memory also has garbage that nobody has come to yet; what is kept for the stalled ones shows in the live heap.
  const inspected = await startService('web', {
    ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.server.url, REDIS_SHARDS: '2' },
    ...WITH_INSPECTOR,
  });
  onTestFinished(() => inspected.stop());
  const reader = await stack.join(inspected.url);
  const stalled: LiveClient[] = [];
  for (let i = 0; i < STALLED; i += 1) stalled.push(await stack.join(inspected.url));
  // As long frames as those to come, so that what one frame costs is no news.
  for (let i = 0; i < 8; i += 1) await hasSeen(reader, await startMany(20));
  await waitFor('all to have it', () => stalled.every(({ running }) => running.size >= 160));
  const before = await readLiveHeap(inspected);
  for (const client of stalled) client.stopReading();
  // Above what the kernel's buffers hold for one, for each of them. More would fill what the service keeps of the feed for those who come
  // back, which has a bound of its own, and the memory of the hundred clients in here.
  const began = performance.now();
  let most = 0;
  for (let i = 0; i < 60; i += 1) {
    await hasSeen(reader, await startMany(20));
    most = Math.max(most, memoryOf(inspected.pid));
  }
  // A stall counts after five seconds; then nothing is kept for them.
  await pause(Math.max(0, 7000 - (performance.now() - began)));
  await hasSeen(reader, await startMany(20));
  const more = (await readLiveHeap(inspected)) - before;
  for (const client of stalled) client.goOnReading();
  await waitFor('a snapshot for each', () =>
    stalled.every(({ snapshots }) => snapshots.length > 1),
  );
  const last = await stack.feed.start();
  await waitFor('what comes next', () => stalled.every(({ running }) => running.has(last)));
  report(
    `${STALLED} dashboards that stop reading`,
    `web ${most.toFixed(0)} MiB at most, its live heap ${before.toFixed(0)} MiB before and ${more.toFixed(1)} more when their queues were dropped`,
    `at most ${MORE_MIB} MiB more; each got a snapshot`,
    () => {
      expect(more).toBeLessThanOrEqual(MORE_MIB);
      expect(stalled.every(({ socket }) => socket.connected)).toBe(true);
      expect(reader.gaps).toEqual([]);
      expect(reader.snapshots).toHaveLength(1);
    },
  );
});

async function hasSeen(client: LiveClient, ids: string[]): Promise<void> {
  await waitFor('a reader to see it', () => client.running.has(ids.at(-1)!));
}

test('a web service that was killed has its dashboards back within 5 s of its start, without a gap', async () => {
  const clients = await Promise.all(Array.from({ length: 20 }, () => stack.join(web.url)));
  const before = await stack.feed.start();
  await waitFor('the start', () => clients.every(({ running }) => running.has(before)));
  await web.stop('SIGKILL');
  await waitFor('all to notice', () => clients.every(({ socket }) => !socket.connected));
  await stack.feed.end(before);
  const meanwhile = await stack.feed.start();
  for (const client of clients) client.socket.auth = { resume: client.have() };
  const began = performance.now();
  const again = await startService('web', {
    ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.server.url },
    ...{ REDIS_SHARDS: '2', PORT: String(web.port) },
  });
  const up = performance.now();
  await waitFor('all to have what they missed', () =>
    clients.every(({ running, ended }) => running.has(meanwhile) && ended.has(before)),
  );
  const backMs = performance.now() - up;
  const next = await stack.feed.start();
  await waitFor('what comes next', () => clients.every(({ running }) => running.has(next)));
  await again.stop();
  report(
    'kill -9 the web service with 20 dashboards',
    `it was up after ${Math.round(up - began)} ms, all dashboards had what they missed ${Math.round(backMs)} ms later`,
    'no gap, within 5 s',
    () => {
      expect(backMs).toBeLessThan(5000);
      expect(clients.flatMap(({ gaps }) => gaps)).toEqual([]);
      for (const { running } of clients) expect(running.has(before)).toBe(false);
    },
  );
});

test('a web service with a thousand dashboards ends within 10 s of a SIGTERM', async () => {
  const roomy = await startService('web', {
    ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.server.url, REDIS_SHARDS: '2' },
    MAX_SOCKETS_PER_ADDRESS: String(SOCKETS + 10),
    RATE_LIMIT: '0',
  });
  const clients: LiveClient[] = [];
  while (clients.length < SOCKETS) {
    const some = Array.from({ length: 100 }, () => stack.open(roomy.url));
    clients.push(...some);
    await waitFor('their data', () => some.every(({ snapshots }) => snapshots.length > 0), {
      timeoutMs: 30_000,
    });
  }
  for (const { socket } of clients) socket.io.reconnection(false);
  const writing = setInterval(() => void stack.feed.start(), 20);
  const began = performance.now();
  roomy.signal('SIGTERM');
  const code = await roomy.exited;
  const tookMs = performance.now() - began;
  clearInterval(writing);
  await waitFor('all to be closed', () => clients.every(({ socket }) => !socket.connected));
  report(
    `SIGTERM to a web service with ${SOCKETS} dashboards under load`,
    `exit ${code} after ${(tookMs / 1000).toFixed(1)} s`,
    'exit 0 within 10 s',
    () => {
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(10_000);
    },
  );
});
