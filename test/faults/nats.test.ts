import { afterEach, test } from 'vitest';

import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { pause } from './lengths.ts';
import { underLoad } from './under-load.ts';

let bench: FaultBench;
afterEach(() => bench.stop());

test('NATS killed for two seconds changes no count of what it acked', async () => {
  bench = await startFaultBench({ collectors: 2 });
  await underLoad(bench, { fault: 'kill -9 NATS for 2 s', seed: 3 }, async () => {
    await pause(700);
    await bench.nats.kill();
    await pause(2000);
    await bench.nats.restart();
  });
});
