import { connect as connectSocket } from 'node:net';

import { createMonitor, type Monitor } from '@llm-monitor/client';
import { MAX_EVENT_BYTES } from '@llm-monitor/contracts/events';
import type { AppStats } from '@llm-monitor/contracts/rest';
import { jetstream, JetStreamApiError } from '@nats-io/jetstream';
import { InvalidArgumentError } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { freePort } from '../helpers/free-port.ts';
import { createLoad, publishLoad } from '../helpers/load.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { length, pause, spell } from './lengths.ts';
import { drained, measure } from './measure.ts';
import { report } from './report.ts';

const APP = 'edge-app';
const TEN_MB = 10 * 1024 * 1024;

let bench: FaultBench;
let monitor: Monitor | undefined;
let monitorPort: number;
beforeEach(async () => {
  monitorPort = await freePort();
  bench = await startFaultBench({ nats: { args: ['-m', String(monitorPort)] } });
});
afterEach(async () => {
  await monitor?.close();
  monitor = undefined;
  await bench.stop();
});

/** One whole call: a start, a first token, an end. */
const call = (prompt = 'why?', answer = 'because') =>
  monitor!.trackRequest({ model: 'm:1b', prompt }, ({ output }) => output(answer));

/** What the bus holds of the app, and what the store says of it. */
async function kept(): Promise<{ events: number; ends: number; app: AppStats | undefined }> {
  const { state } = await bench.manager.streams.info('LLM_REQUESTS', { subjects_filter: '>' });
  const count = (matches: (subject: string) => boolean) =>
    Object.entries(state.subjects ?? {}).reduce((sum, [s, n]) => sum + (matches(s) ? n : 0), 0);
  const apps = (await (await fetch(`${bench.api.url}/api/apps`)).json()) as AppStats[];
  return {
    events: count(() => true),
    ends: count((subject) => subject.startsWith('llm.request.completed.')),
    app: apps.find(({ name }) => name === APP),
  };
}

test('a client keeps its cap while NATS is away, and what it gives up is what it reports, to the event', async () => {
  const awayMs = length({ short: 4000, full: 5 * 60_000 });
  const cap = length({ short: 300, full: 10_000 });
  const perSecond = length({ short: 200, full: 40 });
  monitor = createMonitor({
    ...{ app: APP, natsUrl: bench.nats.url },
    ...{ maxBufferedEvents: cap, heartbeatIntervalMs: 200 },
  });
  let calls = 0;
  let mostQueued = 0;
  let isAway = true;
  for (; calls < 20; calls += 1) await call();
  await waitFor('the first calls', async () => (await bench.read()).totals.completed === calls);
  await bench.nats.kill();
  const lasting = pause(awayMs).then(() => (isAway = false));
  while (isAway) {
    await call();
    calls += 1;
    mostQueued = Math.max(mostQueued, monitor.state().queued);
    await pause(1000 / perSecond);
  }
  await lasting;
  await bench.nats.restart();
  await waitFor('the rest to be stored', () => monitor!.state().queued === 0, {
    timeoutMs: 60_000,
  });
  for (let i = 0; i < 5; i += 1, calls += 1) await call();
  const { droppedEvents, droppedRequests } = monitor.state();
  await waitFor('the last calls', async () => (await kept()).ends === calls - droppedRequests);
  await drained(bench);
  const seen = await waitFor('the drops to be shown', async () => {
    const now = await kept();
    return now.app?.dropped_events === droppedEvents ? now : undefined;
  });
  const { totals, active } = await bench.read();
  report(
    `NATS away for ${spell(awayMs)} while a client calls on, ring of ${cap} events`,
    `${calls} calls, at most ${mostQueued} events kept, ${droppedEvents} events of ${droppedRequests} calls given up and reported, ${totals.completed} calls counted`,
    'drops as reported, the rest exact',
    () => {
      expect(mostQueued).toBeLessThanOrEqual(cap);
      expect(droppedRequests).toBeGreaterThan(0);
      expect(seen.events).toBe(3 * calls - droppedEvents);
      expect(seen.ends).toBe(calls - droppedRequests);
      expect(seen.app).toMatchObject({ dropped_requests: droppedRequests });
      expect(totals).toMatchObject({
        started: calls - droppedRequests,
        completed: calls - droppedRequests,
      });
      expect(active).toBe(0);
    },
  );
});

test('a call with 10 MB in and out costs the client neither its connection nor the call', async () => {
  monitor = createMonitor({ app: APP, natsUrl: bench.nats.url, capture: 'full' });
  await call();
  await waitFor('the first call', async () => (await bench.read()).totals.completed === 1);
  const before = await busNow();
  // What is a quote in JSON takes two bytes.
  await call('"'.repeat(TEN_MB), '"'.repeat(TEN_MB));
  await call();
  await waitFor('all to be stored', () => monitor!.state().queued === 0);
  await waitFor('all to be counted', async () => (await bench.read()).totals.completed === 3);
  const after = await busNow();
  const list = (await (await fetch(`${bench.api.url}/api/requests`)).json()) as {
    prompt_chars: number;
  }[];
  report(
    'a call of 10 MB in and out, all of it to be captured',
    `${monitor.state().droppedEvents} events dropped, 3 of 3 calls counted`,
    'cut to fit, connection kept',
    () => {
      expect(after).toEqual(before);
      expect(monitor?.state()).toMatchObject({ connected: true, droppedEvents: 0 });
      expect(list.map((one) => one.prompt_chars).toSorted((a, b) => a - b)).toEqual([4, 4, TEN_MB]);
    },
  );
});

test('events of 10 MB and of 1 MB are refused by typed errors, one above 64 KiB is dead-lettered, and the rest is exact', async () => {
  const load = createLoad({ seed: 71, calls: 300 });
  const { subject } = load.events[0]!;
  const before = await busNow();
  const client = jetstream(bench.connection, { timeout: 20_000 });
  const publishOversized = async () => {
    const refusals = [
      await client.publish(subject, new Uint8Array(TEN_MB)).catch((error: unknown) => error),
      await client.publish(subject, new Uint8Array(1_000_000)).catch((error: unknown) => error),
    ];
    await client.publish(subject, `{"x":"${'a'.repeat(MAX_EVENT_BYTES)}"}`);
    return { refusals, raw: await announceRaw(bench.nats.port, subject, TEN_MB) };
  };
  const [, { refusals, raw }] = await Promise.all([
    publishLoad(bench.connection, load.events, { perSecond: 1500 }),
    publishOversized(),
  ]);
  const { differences, summary } = await measure(bench, load);
  const after = await busNow();
  const told = refusals.map((error) => (error as Error).message);
  report(
    'events of 10 MB, of 1 MB and of 64 KiB among others',
    `refused: "${told.join('", "')}", a raw socket "${raw}"; ${after.deadLetters} dead letter; ${summary}`,
    'typed errors, connections kept, the rest exact',
    () => {
      expect(refusals[0]).toBeInstanceOf(InvalidArgumentError);
      expect(refusals[1]).toBeInstanceOf(JetStreamApiError);
      expect(raw).toMatch(/Maximum Payload/i);
      expect(after).toEqual({ ...before, deadLetters: 1 });
      expect(differences).toEqual([]);
    },
  );
});

/** The connections that are open now, by the server's own names, and how many letters are dead. */
async function busNow(): Promise<{ connections: string[]; deadLetters: number }> {
  const response = await fetch(`http://127.0.0.1:${monitorPort}/connz`);
  const { connections } = (await response.json()) as {
    connections: { cid: number; name?: string }[];
  };
  const { state } = await bench.manager.streams.info('LLM_DEAD_LETTERS');
  return {
    connections: connections.map(({ cid, name }) => `${name ?? 'test'} ${cid}`),
    deadLetters: state.messages,
  };
}

/** A program without a library that is about to send so much. @returns what the server says before it ends the connection */
function announceRaw(port: number, subject: string, bytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, '127.0.0.1');
    let said = '';
    socket.on('data', (chunk) => (said += chunk.toString('utf8')));
    socket.once('connect', () => {
      socket.write(`CONNECT {"verbose":false}\r\nPUB ${subject} ${bytes}\r\n`);
    });
    socket.once('close', () => resolve(/-ERR '(.*)'/.exec(said)?.[1] ?? ''));
    socket.once('error', reject);
    socket.setTimeout(10_000, () => reject(new Error('the server keeps silent')));
  });
}
