import { afterEach, expect, test } from 'vitest';

import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { pause } from './lengths.ts';
import { readyOf } from './ready-of.ts';
import { underLoad } from './under-load.ts';

let bench: FaultBench;
afterEach(() => bench.stop());

test('Redis killed for two and a half seconds changes no count', async () => {
  bench = await startFaultBench({ collectors: 2 });
  await underLoad(bench, { fault: 'kill -9 Redis for 2.5 s', seed: 2 }, async () => {
    await pause(700);
    await bench.redisServer.kill();
    await pause(2500);
    await bench.redisServer.restart();
  });
  for (const collector of bench.collectors) {
    expect(await readyOf(collector)).toMatchObject({ status: 200 });
  }
});
