import { jetstreamManager } from '@nats-io/jetstream';
import { afterEach, expect, test } from 'vitest';

import { createLoad, publishLoad, shuffle } from '../helpers/load.ts';
import { waitFor } from '../helpers/wait-for.ts';
import {
  drained,
  expectedReading,
  readWhenSettled,
  report,
  startFaultBench,
  type FaultBench,
} from './fault-bench.ts';

let bench: FaultBench;
afterEach(() => bench.stop());

const CALLS = 1500;
const PER_SECOND = 1200;

async function underLoad(fault: string, seed: number, breakIt: () => Promise<void>): Promise<void> {
  const load = createLoad({ seed, calls: CALLS });
  const publishing = publishLoad(bench.connection, load.events, { perSecond: PER_SECOND });
  await breakIt();
  const { acked, duplicates } = await publishing;
  const reading = await readWhenSettled(bench, load);
  report(
    fault,
    `${acked} events acked by the broker (${duplicates} sent twice), ${reading.totals.started} calls counted of ${load.truth.started}`,
  );
  expect(reading).toEqual(expectedReading(load.truth));
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a collector killed in the middle of its batches changes no count', async () => {
  bench = await startFaultBench({ collectors: 2 });
  await underLoad('kill -9 a collector, three times', 1, async () => {
    for (let i = 0; i < 3; i++) {
      await pause(500);
      await bench.collectors.at(-1)!.stop('SIGKILL');
      await bench.startCollector();
    }
  });
});

test('Redis killed for two and a half seconds changes no count', async () => {
  bench = await startFaultBench({ collectors: 2 });
  await underLoad('kill -9 Redis for 2.5 s', 2, async () => {
    await pause(700);
    await bench.redisServer.kill();
    await pause(2500);
    await bench.redisServer.restart();
  });
  for (const collector of bench.collectors) {
    expect((await fetch(`${collector.url}/ready`)).status).toBe(200);
  }
});

test('NATS killed for two seconds changes no count of what it acked', async () => {
  bench = await startFaultBench({ collectors: 2 });
  await underLoad('kill -9 NATS for 2 s', 3, async () => {
    await pause(700);
    await bench.nats.kill();
    await pause(2000);
    await bench.nats.restart();
  });
});

test('every event three times, past the dedupe of the broker, is counted once', async () => {
  bench = await startFaultBench({ collectors: 2 });
  const load = createLoad({ seed: 4, calls: CALLS });
  const three = shuffle([...load.events, ...load.events, ...load.events], 4);
  const { acked, duplicates } = await publishLoad(bench.connection, three, { withoutIds: true });
  expect(duplicates).toBe(0);
  const reading = await readWhenSettled(bench, load);
  report(
    'every event three times, shuffled',
    `${acked} events stored by the broker, ${reading.totals.started} calls counted of ${load.truth.started}`,
  );
  expect(reading).toEqual(expectedReading(load.truth));
});

test('ends before first tokens before starts give the same counts', async () => {
  bench = await startFaultBench({ collectors: 2 });
  const load = createLoad({ seed: 5, calls: CALLS });
  await publishLoad(bench.connection, load.events.toReversed());
  const reading = await readWhenSettled(bench, load);
  report(
    'every call backwards',
    `${reading.totals.started} calls counted of ${load.truth.started}`,
  );
  expect(reading).toEqual(expectedReading(load.truth));
});

test('a collector cut from Redis and stopped beyond its ack window counts nothing twice', async () => {
  bench = await startFaultBench({ collectors: 2, env: { ACK_WAIT_MS: '1000' } });
  await underLoad('SIGSTOP a collector for 2 x ack_wait', 6, async () => {
    await pause(300);
    bench.collectors[0]!.signal('SIGSTOP');
    await pause(2200);
    bench.collectors[0]!.signal('SIGCONT');
  });
});

test('without the look at the phase bits the same events are counted more than once', async () => {
  bench = await startFaultBench({ collectors: 1, env: { UNSAFE_NO_DEDUPE: '1' } });
  const load = createLoad({ seed: 7, calls: 300 });
  await publishLoad(bench.connection, [...load.events, ...load.events], { withoutIds: true });
  await drained(bench);
  const reading = await bench.read();
  report(
    'negative control: no look at the phase bits',
    `${reading.totals.started} calls counted of ${load.truth.started}: the test goes red, as it must`,
  );
  expect(reading.totals.started).toBeGreaterThan(load.truth.started);
  expect(reading).not.toEqual(expectedReading(load.truth));
});

test('a consumer that somebody deleted is made again, and nothing is missed or counted twice', async () => {
  bench = await startFaultBench({ collectors: 2 });
  await underLoad('delete the consumer', 8, async () => {
    await pause(700);
    const manager = await jetstreamManager(bench.connection);
    await manager.consumers.delete('LLM_REQUESTS', 'collector');
  });
});

test('a wiped Redis and a new consumer give the same numbers again from the stream', async () => {
  bench = await startFaultBench({ collectors: 1 });
  const load = createLoad({ seed: 9, calls: 500 });
  await publishLoad(bench.connection, shuffle(load.events, 9));
  const first = await readWhenSettled(bench, load);
  await bench.redis.flushall();
  const manager = await jetstreamManager(bench.connection);
  await manager.consumers.delete('LLM_REQUESTS', 'collector');
  await waitFor('the consumer to be made again', async () => {
    return (await manager.consumers.info('LLM_REQUESTS', 'collector')) !== undefined;
  });
  const second = await readWhenSettled(bench, load);
  report(
    'wipe Redis, replay the stream',
    `${second.totals.started} calls counted of ${load.truth.started}`,
  );
  expect(first).toEqual(expectedReading(load.truth));
  expect(second).toEqual(first);
});
