import { afterEach, test } from 'vitest';

import { pause } from '../faults/lengths.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startClusterBench, type ClusterBench } from './cluster-bench.ts';
import { failOver, PATIENCE, stopwatch, underLoad } from './under-load.ts';

let bench: ClusterBench;
afterEach(() => bench.stop());

test('a NATS server that leads the stream is killed, then the next one, and no count changes', async () => {
  bench = await startClusterBench();
  const fault = 'kill -9 the stream leader of three NATS servers, then the next';
  await underLoad(bench, fault, 21, async () => {
    const times: string[] = [];
    for (let i = 0; i < 2; i++) {
      await pause(1000);
      const leader = await bench.streamLeader();
      bench.kill(leader);
      const took = stopwatch();
      const isReplaced = async () => (await bench.streamLeader()).name !== leader.name;
      await waitFor('another leader of the stream', isReplaced, PATIENCE);
      times.push(took());
      bench.restart(leader);
      await waitFor('all three servers to hold the stream', isStreamWhole, PATIENCE);
    }
    return `new leaders after ${times.join(' and ')}`;
  });
});

async function isStreamWhole(): Promise<boolean> {
  const { cluster } = await bench.manager.streams.info('LLM_REQUESTS');
  const replicas = cluster?.replicas ?? [];
  return replicas.length === 2 && replicas.every(({ current, offline }) => current && !offline);
}

test('a Redis primary is killed and its replica takes over, and no count changes', async () => {
  bench = await startClusterBench();
  await underLoad(bench, 'kill -9 a Redis primary', 22, async () => {
    await pause(1500);
    const { killed, took } = await failOver(bench, 0);
    bench.restart(killed);
    return `failover after ${took}`;
  });
});

test('a NATS server and a Redis primary die at the same moment, and no count changes', async () => {
  bench = await startClusterBench();
  const fault = 'kill -9 the stream leader and a Redis primary at once';
  await underLoad(bench, fault, 23, async () => {
    await pause(1500);
    const leader = await bench.streamLeader();
    bench.kill(leader);
    const { killed, took } = await failOver(bench, 2);
    bench.restart(killed);
    bench.restart(leader);
    return `failover after ${took}`;
  });
});

test('a collector that starts while a NATS server and a Redis server are away collects like the others', async () => {
  bench = await startClusterBench({ collectors: 1, env: { REDIS_WAIT_REPLICAS: '0' } });
  const fault = 'start a collector beside a dead NATS server and a dead Redis, end the other one';
  await underLoad(bench, fault, 24, async () => {
    bench.kill(await bench.streamLeader());
    const { took } = await failOver(bench, 1);
    await bench.startCollector();
    await bench.collectors[0]?.stop();
    return `failover after ${took}, neither server comes back`;
  });
});
