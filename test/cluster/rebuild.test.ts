import { afterEach, expect, test } from 'vitest';

import { pause } from '../faults/lengths.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startClusterBench, type ClusterBench } from './cluster-bench.ts';
import { stopwatch, underLoad } from './under-load.ts';

let bench: ClusterBench;
afterEach(() => bench.stop());

test('the store is rebuilt across all shards of a cluster while calls go on, and no count changes', async () => {
  bench = await startClusterBench();
  await underLoad(bench, 'rebuild the store of a Redis Cluster', 31, async () => {
    await pause(3000);
    const took = stopwatch();
    const program = `${projectRoot()}/services/collector/dist/rebuild/main.js`;
    const rebuild = startProgram(process.execPath, [program], { env: bench.env });
    expect(await rebuild.exited, rebuild.output()).toBe(0);
    expect(rebuild.output()).toContain('"generation":2,');
    expect(rebuild.output()).toContain('"behind":[]');
    return `generation 2 after ${took()}`;
  });
});
