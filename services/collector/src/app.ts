import { STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import { createKeys } from '@llm-monitor/contracts/redis';
import {
  assertSafeToListen,
  busTls,
  connectBus,
  ensureStream,
  followGeneration,
  serveHealth,
  storeTls,
  type Logger,
  type Running,
} from '@llm-monitor/runtime';
import { connectStore, pingStore, whenStoreReady } from '@llm-monitor/runtime/store';
import { jetstream } from '@nats-io/jetstream';
import { Cluster } from 'ioredis';

import { startClocks } from './adapters/clocks.ts';
import { createDeletion } from './adapters/deletion/deletion.ts';
import { openDeletionDesk } from './adapters/deletion/deletion-desk.ts';
import { confirmByReplicas } from './adapters/failover/confirmed-store.ts';
import { startFailoverWatch } from './adapters/failover/failover-watch.ts';
import { createShardPrimaries } from './adapters/failover/shard-primaries.ts';
import { isAnyCollectorHeard } from './adapters/heard-collectors.ts';
import { startLagWatch } from './adapters/lag-watch.ts';
import { createLossLedger } from './adapters/loss-ledger.ts';
import { openManager } from './adapters/open-manager.ts';
import { startOrphanSweep } from './adapters/orphan-sweep.ts';
import { startPruning } from './adapters/pruning/pruning.ts';
import { followForm } from './adapters/record-form.ts';
import { createRequestStore } from './adapters/request-store.ts';
import { startRequestSource } from './adapters/request-source.ts';
import { createStreamPlaces } from './adapters/stream-places.ts';
import { claimStore, warnOfWeakSettings } from './adapters/store-claim.ts';
import { createTelemetryStore } from './adapters/telemetry-store.ts';
import { startProgressSource, startTelemetrySource } from './adapters/telemetry-source.ts';
import { watchTrust } from './adapters/trust-watch.ts';
import type { CollectorConfig } from './config.ts';

/** Replicas that do not have a batch by then count as away. */
const REPLICAS_TIMEOUT_MS = 1000;

/** Starts a collector: requests, telemetry and progress into Redis, and the sweep for orphans. `name` tells it from others. */
export async function startCollector(
  config: CollectorConfig,
  context: { log: Logger; name: string },
): Promise<Running> {
  const { log, name } = context;
  assertSafeToListen(config);
  const keys = createKeys({ shards: config.REDIS_SHARDS });
  const storeAt = { url: config.REDIS_URL, tls: storeTls(config), log };
  const redis = connectStore({ ...storeAt, name: 'collector' });
  const busAt = { url: config.NATS_URL, tls: busTls(config) };
  const connection = await connectBus({ ...busAt, name: 'collector', log });
  await whenStoreReady(redis);
  const clocks = await startClocks({ redis, log });
  const { nowMs } = clocks;
  const trust = watchTrust({ redis, connection });
  const generation = await followGeneration({
    ...{ redis, keys },
    onChange(present) {
      log.info({ generation: present }, 'writing another generation of the store');
      // Leases in it were given by who filled it: they count once heartbeats have come for a whole lease.
      trust.set('store', false);
      trust.set('store', true);
    },
  });
  await claimStore(redis, keys);
  const written = await followForm({ redis, keys, nowMs });
  await warnOfWeakSettings(redis, log);

  const manager = await openManager(connection);
  const ensureStreams = async () => {
    for (const definition of STREAM_DEFINITIONS) {
      await ensureStream(manager, definition, config.NATS_REPLICAS);
    }
  };
  await ensureStreams();

  const isWaiting = config.REDIS_WAIT_REPLICAS > 0;
  const waiting = isWaiting ? connectStore({ ...storeAt, name: 'collector-wait' }) : redis;
  await whenStoreReady(waiting);
  const requestStore = createRequestStore(redis, keys, {
    leaseMs: config.LEASE_MS,
    defaultLeaseMs: config.DEFAULT_LEASE_MS,
    requestTtlSeconds: requestTtlSeconds(config),
    feedMaxEntries: config.FEED_MAX_ENTRIES,
    dedupe: !config.UNSAFE_NO_DEDUPE,
    ...written,
  });
  const store = confirmByReplicas(requestStore, {
    ...{ redis: waiting, keys },
    replicas: config.REDIS_WAIT_REPLICAS,
    timeoutMs: REPLICAS_TIMEOUT_MS,
  });
  const telemetryStore = createTelemetryStore(redis, keys, { leaseMs: config.LEASE_MS });
  const consuming = {
    ...{ connection, manager, log },
    ackWaitMs: config.ACK_WAIT_MS,
    maxAckPending: config.MAX_ACK_PENDING,
    ensureStream: ensureStreams,
    onApplied: (taken: boolean) => trust.set('store', taken),
  };
  const isFirst = !(await isAnyCollectorHeard(redis, keys, nowMs()));
  const isCluster = redis instanceof Cluster;
  const failovers =
    isCluster &&
    startFailoverWatch({
      ...{ connection, manager, store, keys, name, nowMs, log },
      primaries: createShardPrimaries(redis, keys),
      batchMax: config.BATCH_MAX,
      replayMs: config.REPLAY_AFTER_FAILOVER_MS,
      onFailover() {
        trust.set('redis', false);
        trust.set('redis', true);
      },
    });
  const requests = await startRequestSource({
    ...consuming,
    store,
    batchMax: config.BATCH_MAX,
  });
  const telemetry = await startTelemetrySource({
    ...consuming,
    store: telemetryStore,
  });
  const progress = startProgressSource({ connection, store: telemetryStore, nowMs });
  const lag = startLagWatch({
    ...{ name, nowMs, log, manager, isFirst, requests, telemetry, stallMs: config.STALL_MS },
    store: telemetryStore,
    losses: createLossLedger(redis, keys),
    places: createStreamPlaces({ redis, keys, connection, manager }),
    generation: () => keys.generation,
    steadyMs: () => trust.steadyMs(),
    onCaughtUp: (isCaughtUp) => trust.set('caught-up', isCaughtUp),
    onDelivered: clocks.hear,
    onReading: () => claimStore(redis, keys),
  });
  const deletion = createDeletion({ redis, keys, connection, manager });
  const desk = openDeletionDesk({ connection, deletion, log });
  const pruning = startPruning({
    ...{ redis, keys, log },
    nowMs: clocks.earliestMs,
    limits: { retentionDays: config.RETENTION_DAYS, maxRequests: config.MAX_REQUESTS },
    intervalMs: config.PRUNE_INTERVAL_MS,
  });
  const sweep = startOrphanSweep({
    ...{ redis, keys, nowMs, log, store: telemetryStore },
    jetstream: jetstream(connection),
    intervalMs: config.SWEEP_INTERVAL_MS,
    trust,
    leaseMs: config.LEASE_MS,
  });
  const health = await serveHealth({
    service: 'collector',
    host: config.HOST,
    port: config.PORT,
    checks: [
      { name: 'redis', check: () => pingStore(redis).then(() => ({ ok: true, detail: '' })) },
      { name: 'progress', check: () => lag.verdict() },
      { name: 'stream', check: () => ({ ok: true, detail: lag.account() }) },
      ...clocks.checks,
    ],
  });
  log.info({ port: health.port }, 'collecting');

  return {
    async close() {
      generation.stop();
      clocks.stop();
      written.stop();
      sweep.stop();
      if (failovers) failovers.stop();
      pruning.stop();
      desk.close();
      progress.stop();
      await Promise.all([requests.stop(), telemetry.stop()]);
      await lag.stop();
      await redis.hdel(keys.global.collectors, name).catch(() => undefined);
      // Without a broker there is nothing to drain; what is not acked comes again.
      await connection.drain().catch(() => connection.close());
      redis.disconnect();
      waiting.disconnect();
      await health.close();
    },
  };
}

/** The phase bits are the dedupe: they must outlive every event that is still in the stream. */
export function requestTtlSeconds(config: CollectorConfig): number {
  const requests = STREAM_DEFINITIONS.find(({ name }) => name === STREAMS.requests);
  const streamSeconds = (requests?.max_age ?? 0) / 1e9;
  return Math.ceil(Math.max(config.RETENTION_DAYS * 86_400, streamSeconds + 3600));
}
