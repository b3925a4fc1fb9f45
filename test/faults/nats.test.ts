import { createMonitor } from '@llm-monitor/client';
import type { Pipeline } from '@llm-monitor/contracts/rest';
import { afterEach, expect, onTestFinished, test } from 'vitest';

import { createLoad, publishLoad } from '../helpers/load.ts';
import { makeSmallVolume } from '../helpers/small-volume.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { pause, spell } from './lengths.ts';
import { drained } from './measure.ts';
import { report } from './report.ts';
import { underLoad } from './under-load.ts';

let bench: FaultBench;
afterEach(() => bench.stop());

test('NATS killed for two seconds changes no count of what it acked', async () => {
  bench = await startFaultBench();
  await underLoad(bench, { fault: 'kill -9 NATS for 2 s', seed: 3 }, async () => {
    await pause(700);
    await bench.nats.kill();
    await pause(2000);
    await bench.nats.restart();
  });
});

const TOLD_WITHIN_MS = 5000;
const MIB = 2 ** 20;

test('a publisher is told that the volume is full, and nothing it kept is lost', async () => {
  const volume = await makeSmallVolume({ bytes: 32 * MIB });
  onTestFinished(() => volume.remove());
  bench = await startFaultBench({ collectors: 1, nats: { ...volume, folder: volume.folder } });
  const monitor = createMonitor({ natsUrl: bench.nats.url, app: 'writer' });
  onTestFinished(() => monitor.close());
  const call = () => monitor.trackRequest({ model: 'm:1' }, () => 'fine');
  await call();
  expect(await monitor.flush()).toBe(true);

  await volume.fill(bench.nats.pid());
  const began = performance.now();
  for (let i = 0; i < 100; i++) await call();
  await waitFor('the client to say so', () => !monitor.state().storing);
  const tookMs = performance.now() - began;
  const { queued, connected } = monitor.state();

  await volume.free();
  await bench.nats.kill();
  await bench.nats.restart();
  await waitFor('the client to have sent what it kept', () => monitor.state().queued === 0, {
    timeoutMs: 30_000,
  });
  await drained(bench);
  const { totals } = await bench.read();
  report(
    `JetStream volume full (${volume.kind}), freed, NATS started again`,
    `told after ${spell(tookMs)} with ${queued} events kept, ${totals.completed} of 101 calls counted`,
    'told within 5 s, nothing lost',
    () => {
      expect(connected).toBe(true);
      expect(tookMs).toBeLessThan(TOLD_WITHIN_MS);
      // A few found room in a page that was begun.
      expect(queued).toBeGreaterThan(100);
      expect(totals).toMatchObject({ started: 101, completed: 101 });
      expect(monitor.state()).toMatchObject({ storing: true, droppedEvents: 0 });
    },
  );
});

/** Calls of one event each, so that an event lost is a call lost. */
const starts = (seed: number, calls: number) => createLoad({ seed, calls, share: { running: 1 } });

/** Lets the stream forget all but its last messages, as its age or size does. */
async function keepLast(messages: number): Promise<number> {
  await bench.manager.streams.update('LLM_REQUESTS', { max_msgs: messages });
  const { state } = await bench.manager.streams.info('LLM_REQUESTS');
  await bench.manager.streams.update('LLM_REQUESTS', { max_msgs: -1 });
  return state.first_seq;
}

/** What the API says is lost, once it says something. */
async function readLoss(wanted: number): Promise<number> {
  let lost = 0;
  const read = async () => {
    const response = await fetch(`${bench.api.url}/api/pipeline`);
    lost = ((await response.json()) as Pipeline).lost_events;
    return lost === wanted;
  };
  await waitFor('the loss to be told', read, { everyMs: 100 }).catch(() => undefined);
  return lost;
}

test('what a stream forgot before anybody collected it is counted to the event', async () => {
  bench = await startFaultBench({ collectors: 2 });
  await publishLoad(bench.connection, starts(51, 500).events);
  await drained(bench);
  await Promise.all(bench.collectors.map((collector) => collector.stop()));
  await publishLoad(bench.connection, starts(52, 3000).events);
  const { ack_floor } = await bench.consumer();
  const first = await keepLast(800);
  const gap = first - ack_floor.stream_seq - 1;
  await Promise.all([bench.startCollector(), bench.startCollector()]);
  await drained(bench);
  const lost = await readLoss(gap);
  const { totals } = await bench.read();
  report(
    'backlog older than the stream, collectors away',
    `${lost} events told as lost, first sequence - ack floor - 1 is ${gap}, ${totals.started} of 3500 calls counted`,
    'loss counter is the exact gap',
    () => {
      expect(gap).toBe(2200);
      expect(lost).toBe(gap);
      expect(totals.started).toBe(3500 - gap);
    },
  );
});

test('what a stream forgot while Redis was away is counted, and what collectors held is not lost', async () => {
  bench = await startFaultBench({ collectors: 2, env: { MAX_ACK_PENDING: '400' } });
  await publishLoad(bench.connection, starts(53, 500).events);
  await drained(bench);
  await bench.redisServer.kill();
  await publishLoad(bench.connection, starts(54, 3000).events);
  await keepLast(800);
  await bench.redisServer.restart();
  await drained(bench);
  // While it forgets, the stream still hands out what it has not forgotten yet: the gap is what nobody ever got.
  const gap = 3500 - (await bench.read()).totals.started;
  const lost = await readLoss(gap);
  report(
    'backlog older than the stream, Redis away',
    `${lost} events told as lost, ${3500 - gap} of 3500 calls counted`,
    'counted and lost are all',
    () => {
      expect(gap).toBeGreaterThan(0);
      expect(gap).toBeLessThanOrEqual(3000 - 800);
      expect(lost).toBe(gap);
    },
  );
});
