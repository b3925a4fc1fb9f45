import { afterEach, expect, test } from 'vitest';

import { addLoads, createLoad, publishLoad } from '../helpers/load.ts';
import { allReady } from './ready-of.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { length, pause, spell } from './lengths.ts';
import { drained, measure } from './measure.ts';
import { report } from './report.ts';
import { underLoad } from './under-load.ts';

let bench: FaultBench;
afterEach(() => bench.stop());

test('a collector killed in the middle of its batches changes no count', async () => {
  bench = await startFaultBench({ collectors: 2, redisProxy: true });
  // A slow way to Redis: whenever the blow falls, batches are under way.
  bench.proxy.setDelay(100);
  await underLoad(
    bench,
    {
      fault: 'kill -9 a collector mid-batch, three times',
      seed: 1,
    },
    async () => {
      let unacked = 0;
      for (let i = 0; i < 3; i++) {
        await pause(300);
        unacked += await waitFor('a batch to be under way', async () => {
          return (await bench.consumer()).num_ack_pending || undefined;
        });
        await bench.collectors.at(-1)!.stop('SIGKILL');
        await bench.startCollector();
      }
      bench.proxy.setDelay(0);
      return `${unacked} events in their hands`;
    },
  );
});

test('collectors that come and go under load change no count', async () => {
  bench = await startFaultBench({ collectors: 1 });
  await underLoad(
    bench,
    {
      fault: 'collectors 1 to 8 to 2 under load',
      seed: 21,
    },
    async () => {
      await pause(300);
      await Promise.all(Array.from({ length: 7 }, () => bench.startCollector()));
      await pause(length({ short: 300, full: 20_000 }));
      // Half of them as an orchestrator does it, half as a crash does.
      const leaving = bench.collectors.slice(0, 6);
      await Promise.all(leaving.map((one, i) => one.stop(i % 2 === 0 ? 'SIGTERM' : 'SIGKILL')));
      for (const one of [0, 2, 4]) expect(await leaving[one]!.exited).toBe(0);
    },
  );
  await allReady(bench.collectors.slice(6));
});

test('a collector stopped beyond its ack window counts nothing twice', async () => {
  const ackWaitMs = length({ short: 1000, full: 30_000 });
  bench = await startFaultBench({ collectors: 2, env: { ACK_WAIT_MS: String(ackWaitMs) } });
  await underLoad(
    bench,
    { fault: `SIGSTOP a collector for 2 x ack_wait (${spell(2 * ackWaitMs)})`, seed: 6 },
    async () => {
      await pause(300);
      bench.collectors[0]!.signal('SIGSTOP');
      await pause(2 * ackWaitMs + 200);
      bench.collectors[0]!.signal('SIGCONT');
    },
  );
});

test('a collector that was applied but never told so counts nothing twice', async () => {
  // A small batch may hold ends alone.
  const countedEvents = async () => {
    const { started, completed, failed, cancelled } = (await bench.read()).totals;
    return started + completed + failed + cancelled;
  };
  bench = await startFaultBench({ collectors: 2, redisProxy: true });
  await underLoad(
    bench,
    {
      fault: 'cut from Redis after apply, before the reply, three times',
      seed: 22,
    },
    async () => {
      let unheard = 0;
      for (let i = 0; i < 3; i++) {
        const { delivered } = await bench.consumer();
        await waitFor('what was cut off before to be acked', async () => {
          return (await bench.consumer()).ack_floor.stream_seq > delivered.stream_seq;
        });
        const before = await countedEvents();
        bench.proxy.swallowAnswers(true);
        unheard += await waitFor('a batch to be applied whose answer is lost', async () => {
          return (await countedEvents()) - before || undefined;
        });
        bench.proxy.cut();
        bench.proxy.swallowAnswers(false);
      }
      return `${unheard} events and more applied unheard`;
    },
  );
});

test('a consumer that somebody deleted is made again, and nothing is missed or counted twice', async () => {
  bench = await startFaultBench({ collectors: 2 });
  await underLoad(bench, { fault: 'delete the consumer under load', seed: 8 }, async () => {
    await pause(700);
    return `made again after ${spell(await bench.loseConsumer())}`;
  });
});

test('a consumer that is deleted while nothing happens is made again, too', async () => {
  bench = await startFaultBench({ collectors: 2 });
  const [first, second] = [
    createLoad({ seed: 23, calls: 50 }),
    createLoad({ seed: 24, calls: 50 }),
  ];
  await publishLoad(bench.connection, first.events);
  await drained(bench);
  const took = await bench.loseConsumer();
  await publishLoad(bench.connection, second.events);
  const { differences, summary } = await measure(bench, addLoads(first, second));
  report(
    'delete the consumer of an idle stream',
    `made again after ${spell(took)}, ${summary}`,
    'exact, within 60 s',
    () => {
      expect(took).toBeLessThan(60_000);
      expect(differences).toEqual([]);
    },
  );
});
