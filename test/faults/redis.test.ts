import { afterEach, expect, test } from 'vitest';

import { createLoad, publishLoad } from '../helpers/load.ts';
import { memoryOf } from '../helpers/memory-of.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { length, pause, spell } from './lengths.ts';
import { contradictions, measure } from './measure.ts';
import { allReady, readyOf } from './ready-of.ts';
import { underLoad } from './under-load.ts';

let bench: FaultBench;
afterEach(() => bench.stop());

/** A collector may grow by this while it can put nothing away: what it holds is bounded by its prefetch. */
const MEMORY_CAP_MIB = 64;

test('Redis killed for two and a half seconds changes no count', async () => {
  bench = await startFaultBench();
  await underLoad(bench, { fault: 'kill -9 Redis for 2.5 s', seed: 2 }, async () => {
    await pause(700);
    await bench.redisServer.kill();
    await pause(2500);
    await bench.redisServer.restart();
  });
  await allReady(bench.collectors);
});

test('while Redis is away, collectors hold what they have in bounded memory and give nothing back', async () => {
  const outageMs = length({ short: 5000, full: 10 * 60_000 });
  const ackWaitMs = length({ short: 2000, full: 30_000 });
  bench = await startFaultBench({
    env: { ACK_WAIT_MS: String(ackWaitMs) },
  });
  const memory = () => Math.max(...bench.collectors.map(({ pid }) => memoryOf(pid)));
  // Warm: what a collector takes by itself is not what an outage costs.
  const warmUp = createLoad({ seed: 30, calls: 1500 });
  await publishLoad(bench.connection, warmUp.events);
  await measure(bench, warmUp);
  await bench.redis.flushall();
  await underLoad(
    bench,
    {
      fault: `Redis down for ${spell(outageMs)}`,
      seed: 31,
      perSecond: length({ short: 1200, full: 300 }),
    },
    async () => {
      await pause(500);
      const before = memory();
      await bench.redisServer.kill();
      const end = performance.now() + outageMs;
      let most = before;
      while (performance.now() < end) {
        await pause(outageMs / 40);
        most = Math.max(most, memory());
      }
      const { num_redelivered, num_pending, num_ack_pending } = await bench.consumer();
      const { status, failing } = await readyOf(bench.collectors[0]!);
      await bench.redisServer.restart();
      expect(num_redelivered).toBe(0);
      expect(most - before).toBeLessThan(MEMORY_CAP_MIB);
      expect(status).toBe(503);
      expect(failing).toContain('redis');
      return `${num_pending + num_ack_pending} events waited, 0 given back or delivered again, collectors grew by ${(most - before).toFixed(1)} MiB, /ready said 503`;
    },
  );
  await allReady(bench.collectors);
});

test('a Redis that answers half a second late changes no count and stops nobody', async () => {
  bench = await startFaultBench({ redisProxy: true });
  bench.proxy.setDelay(500);
  await underLoad(bench, { fault: 'Redis slowed by 500 ms', seed: 32 }, async () => {
    const lengthMs = length({ short: 2500, full: 60_000 });
    const end = performance.now() + lengthMs;
    let looks = 0;
    let ready = 0;
    while (performance.now() < end) {
      for (const collector of bench.collectors) {
        looks += 1;
        if ((await readyOf(collector)).status === 200) ready += 1;
      }
      await pause(lengthMs / 10);
    }
    const { ack_floor, num_redelivered } = await bench.consumer();
    expect(ready).toBeGreaterThan(0);
    expect(ack_floor.stream_seq).toBeGreaterThan(0);
    return `/ready said 200 at ${ready} of ${looks} looks, ${num_redelivered} events delivered again`;
  });
  await allReady(bench.collectors);
});

test('a Redis that hangs and then goes on changes no count', async () => {
  const hangsMs = length({ short: 2500, full: 20_000 });
  bench = await startFaultBench();
  await underLoad(
    bench,
    { fault: `Redis hangs (SIGSTOP) for ${spell(hangsMs)}`, seed: 33 },
    async () => {
      await pause(500);
      process.kill(bench.redisServer.pid(), 'SIGSTOP');
      await pause(hangsMs);
      process.kill(bench.redisServer.pid(), 'SIGCONT');
    },
  );
  await allReady(bench.collectors);
});

test('a Redis without memory takes a batch whole or not at all', async () => {
  // Nobody makes room: what is full stays full until it is given more.
  bench = await startFaultBench({ env: { PRUNE_INTERVAL_MS: '3600000' } });
  await underLoad(bench, { fault: 'Redis out of memory', seed: 34 }, async () => {
    await pause(700);
    const [, used] = /used_memory:(\d+)/.exec(await bench.redis.info('memory')) ?? [];
    await bench.redis.config('SET', 'maxmemory', Number(used) - 1);
    const [before] = await Promise.all([
      bench.read(),
      pause(length({ short: 1500, full: 20_000 })),
    ]);
    const after = await bench.read();
    const { num_pending, num_ack_pending } = await bench.consumer();
    await bench.redis.config('SET', 'maxmemory', 0);
    // Nothing of a batch is there, and what is there adds up.
    expect(contradictions(after)).toEqual([]);
    expect(after.totals.started - before.totals.started).toBeLessThan(1000);
    expect(num_pending + num_ack_pending).toBeGreaterThan(0);
    return `${num_pending + num_ack_pending} events waited, no part of a batch applied`;
  });
  await allReady(bench.collectors);
});

test('a Redis that forgets its scripts changes no count', async () => {
  bench = await startFaultBench();
  let flushes = 0;
  await underLoad(bench, { fault: 'SCRIPT FLUSH, again and again', seed: 35 }, async () => {
    for (; flushes < 25; flushes++) {
      await bench.redis.script('FLUSH');
      await pause(50);
    }
    return `${flushes} times`;
  });
});
