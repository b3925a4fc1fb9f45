import { afterEach, expect, test } from 'vitest';

import { pause, spell } from '../faults/lengths.ts';
import { measure } from '../faults/measure.ts';
import { report } from '../faults/report.ts';
import { createLoad, publishLoad } from '../helpers/load.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startClusterBench, type ClusterBench } from './cluster-bench.ts';

let bench: ClusterBench;
afterEach(() => bench.stop());

const SECONDS = 10;
const PER_SECOND = 800;
const EVENTS_PER_CALL = 2.75;
/** Slower than a failover, so that whoever comes back finds the other at work. */
const PATIENCE = { timeoutMs: 60_000, everyMs: 50 };

async function underLoad(fault: string, seed: number, breakIt: () => Promise<string>) {
  const calls = Math.round((PER_SECOND * SECONDS) / EVENTS_PER_CALL);
  const load = createLoad({ seed, calls });
  const publishing = publishLoad(bench.connection, load.events, { perSecond: PER_SECOND });
  const [{ acked }, seen] = await Promise.all([publishing, breakIt()]);
  const { differences, summary } = await measure(bench, load);
  report(fault, `${seen}, ${acked} events acked by the broker, ${summary}`, 'exact', () =>
    expect(differences).toEqual([]),
  );
}

/** How long something took, from now on. */
function stopwatch(): () => string {
  const startedAt = performance.now();
  return () => spell(performance.now() - startedAt);
}

/** Until a publish is acked again, whoever leads the stream now. */
async function untilNewLeader(before: string): Promise<void> {
  await waitFor(
    'another leader of the stream',
    async () => (await bench.streamLeader()).name !== before,
    PATIENCE,
  );
}

test('a NATS server that leads the stream is killed, then another one, and no count changes', async () => {
  bench = await startClusterBench();
  await underLoad(
    'kill -9 the stream leader of three NATS servers, then the next',
    21,
    async () => {
      const times: string[] = [];
      for (let i = 0; i < 2; i++) {
        await pause(1000);
        const leader = await bench.streamLeader();
        bench.kill(leader);
        const took = stopwatch();
        await untilNewLeader(leader.name);
        times.push(took());
        bench.restart(leader);
        await waitFor('all three servers to hold the stream', isStreamWhole, PATIENCE);
      }
      return `new leaders after ${times.join(' and ')}`;
    },
  );
});

async function isStreamWhole(): Promise<boolean> {
  const { cluster } = await bench.manager.streams.info('LLM_REQUESTS');
  const replicas = cluster?.replicas ?? [];
  return replicas.length === 2 && replicas.every(({ current, offline }) => current && !offline);
}

test('a Redis primary is killed and its replica takes over, and no count changes', async () => {
  bench = await startClusterBench();
  await underLoad('kill -9 a Redis primary', 22, async () => {
    await pause(1500);
    return killPrimary(0);
  });
});

/** Kills the primary of a shard, and starts it again once its replica has taken over. */
async function killPrimary(shard: number): Promise<string> {
  const primary = await bench.primaryOf(shard);
  if (!primary) throw new Error(`shard ${shard} has no primary`);
  bench.kill(primary);
  const took = stopwatch();
  await waitFor(
    'the replica to take over',
    async () => {
      const now = await bench.primaryOf(shard, primary);
      return now !== undefined && now.name !== primary.name;
    },
    PATIENCE,
  );
  const failover = took();
  bench.restart(primary);
  await waitFor('collectors that are ready', areReady, PATIENCE);
  return `failover after ${failover}, collectors ready after ${took()}`;
}

async function areReady(): Promise<boolean> {
  const answers = await Promise.all(
    bench.collectors.map(({ url }) => fetch(`${url}/ready`, { signal: AbortSignal.timeout(3000) })),
  );
  return answers.every(({ ok }) => ok);
}

test('a NATS server and a Redis primary die at the same moment, and no count changes', async () => {
  bench = await startClusterBench();
  await underLoad('kill -9 the stream leader and a Redis primary at once', 23, async () => {
    await pause(1500);
    const leader = await bench.streamLeader();
    bench.kill(leader);
    const seen = await killPrimary(2);
    bench.restart(leader);
    return seen;
  });
});
