import { afterEach, expect, test } from 'vitest';

import { pause } from '../faults/lengths.ts';
import { report } from '../faults/report.ts';
import { ask, startClusterBench, type ClusterBench } from './cluster-bench.ts';
import { breakUnderLoad, failOver, underLoad } from './under-load.ts';

let bench: ClusterBench;
afterEach(() => bench.stop());

const SHARD = 0;
const CUT_MS = 1500;

/**
 * Cuts the replica of a shard off, as a broken network would: its primary takes writes on, and confirms them, alone. Then it dies.
 * @returns how much only the primary had
 */
async function loseConfirmedWrites(): Promise<string> {
  await pause(3000);
  const primary = await bench.primaryOf(SHARD);
  if (!primary) throw new Error('the shard has no primary');
  const replica = await bench.replicaOf(primary);
  const kilobytes = await ask(primary, async (redis) => {
    // Connections that stand are kept; the replica's is cut, and it finds no way back in.
    await redis.config('SET', 'requirepass', 'nobody-knows');
    await redis.call('CLIENT', ['KILL', 'TYPE', 'replica']);
    const before = await offsetOf(redis.info('replication'), 'master_repl_offset');
    await pause(CUT_MS);
    const after = await offsetOf(redis.info('replication'), 'master_repl_offset');
    const had = await offsetOf(
      ask(replica, (other) => other.info('replication')),
      'slave_repl_offset',
    );
    expect(had).toBeLessThanOrEqual(before);
    return Math.round((after - had) / 1024);
  });
  const { killed, took } = await failOver(bench, SHARD);
  bench.restart(killed);
  return `${kilobytes} KiB of writes died with the primary, failover after ${took}`;
}

async function offsetOf(info: Promise<string>, name: string): Promise<number> {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(await info)?.[1]);
}

test('what a primary had confirmed and its replica never got is applied again from the stream', async () => {
  bench = await startClusterBench({ env: { REDIS_WAIT_REPLICAS: '0' } });
  const fault = 'a Redis primary dies with confirmed writes that its replica lacks';
  await underLoad(bench, fault, 31, loseConfirmedWrites);
});

test('without the replay the same failover loses calls', async () => {
  bench = await startClusterBench({
    env: { REDIS_WAIT_REPLICAS: '0', REPLAY_AFTER_FAILOVER_MS: '0' },
  });
  const { load, measured, seen } = await breakUnderLoad(bench, 32, loseConfirmedWrites);
  const { store, differences } = measured;
  report(
    'negative control: the same without the replay',
    `${seen}, ${store.totals.started} of ${load.truth.started} calls counted`,
    'the test goes red, as it must',
    () => expect(differences).not.toEqual([]),
  );
  expect(store.totals.started).toBeLessThan(load.truth.started);
});

test('with REDIS_WAIT_REPLICAS nothing is acked that only a primary has', async () => {
  bench = await startClusterBench({ env: { REPLAY_AFTER_FAILOVER_MS: '0' } });
  const fault = 'the same with WAIT and without the replay';
  await underLoad(bench, fault, 33, loseConfirmedWrites);
});
