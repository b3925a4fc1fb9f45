import { randomUUID } from 'node:crypto';

import { STREAMS } from '@llm-monitor/contracts/bus';
import { createKeys, type Keys, type StoredCollector } from '@llm-monitor/contracts/redis';
import { readGeneration, type StoreConnection } from '@llm-monitor/runtime';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { ApplyOptions } from '../batch-arguments.ts';
import { replayEvents } from '../failover/replay-events.ts';
import { readMemory } from '../pruning/store-memory.ts';
import { createRequestStore } from '../request-store.ts';
import { importRequests } from './import-requests.ts';
import { lockRebuild } from './rebuild-lock.ts';
import { RebuildError } from './rebuild-error.ts';
import { dropGeneration } from './scan-keys.ts';
import { settleCounts } from './settle-counts.ts';

const HOUR_MS = 3_600_000;
const BATCH = 1000;
/** A collector that was silent for longer does not work. */
const HEARD_MS = 10_000;
/** So long after its end an hour does not change any more. */
const SETTLED_MS = 600_000;
const SWAP_PATIENCE_MS = 60_000;
const POLL_MS = 250;

export type RebuildStep = 'replay' | 'import' | 'settle' | 'swap' | 'finish';

export interface RebuildOptions {
  redis: StoreConnection;
  connection: NatsConnection;
  manager: JetStreamManager;
  shards: number;
  apply: ApplyOptions;
  nowMs(): number;
  /** `of`: how many there will be, where that is known. */
  onProgress(step: RebuildStep, done: number, of?: number): void;
}

/** What came of it. */
export interface RebuildResult {
  from: number;
  generation: number;
  events: number;
  requests: number;
  /** Collectors that still write the former generation. */
  behind: string[];
}

/**
 * Fills a new generation of the store from the stream, brings into it what the stream no longer has, and makes it the present one.
 * The former generation stays as it is. Whatever ends this before the swap changes nothing.
 */
export async function rebuild(options: RebuildOptions): Promise<RebuildResult> {
  const { redis, shards } = options;
  const present = createKeys({ shards });
  present.use(await readGeneration(redis, present));
  const lock = await lockRebuild(redis, present);
  try {
    return await fill(options, present);
  } finally {
    await lock.release();
  }
}

async function fill(options: RebuildOptions, present: Keys): Promise<RebuildResult> {
  const { redis, shards, onProgress } = options;
  const from = present.generation;
  const generation = from + 1;
  // What an earlier one left unfinished, or what nobody uses any more.
  await dropGeneration(redis, generation);
  if (from > 1) await dropGeneration(redis, from - 1);
  await requireMemory(redis, present);
  const keys = createKeys({ shards, generation });
  const follower = await createFollower(options, keys);
  await redis.set(keys.global.epoch, randomUUID());
  await copyParted(redis, present, keys);
  await follower.catchUp();
  const requests = await importRequests({
    ...{ redis, keys, from, store: follower.store },
    onProgress: (done) => onProgress('import', done),
  });
  await follower.catchUp();
  onProgress('settle', 0);
  await settleCounts({ redis, keys, from, horizonMs: follower.horizonMs });
  await copyBeats(redis, present, keys);
  onProgress('swap', 0);
  await redis.set(keys.global.generation, String(generation));
  const behind = await waitForCollectors(options, keys);
  // What they still wrote to the former generation, this one gets too.
  await follower.catchUp();
  onProgress('finish', follower.events());
  return { from, generation, events: follower.events(), requests, behind };
}

/** Both generations must fit, or Redis would begin to refuse what comes in. */
async function requireMemory(redis: StoreConnection, keys: Keys): Promise<void> {
  const { used, max } = await readMemory(redis, keys.shard(0));
  if (max === 0 || used * 2 < max) return;
  const mb = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`;
  throw new RebuildError(
    `Redis holds ${mb(used)} and may hold ${mb(max)}: a second generation beside it does not fit. Raise maxmemory (REDIS_MAXMEMORY) to ${mb(used * 2.2)}, or remove the former generation first (--drop-old).`,
  );
}

async function createFollower(options: RebuildOptions, keys: Keys) {
  const { redis, connection, manager, onProgress } = options;
  const store = createRequestStore(redis, keys, options.apply);
  const { state } = await manager.streams.info(STREAMS.requests);
  const firstMs = state.messages > 0 ? Date.parse(state.first_ts) : options.nowMs();
  let through = Math.max(0, state.first_seq - 1);
  let events = 0;
  return {
    store,
    horizonMs: horizonOf(firstMs, options.nowMs()),
    events: () => events,
    /** Applies what the stream has by now. */
    async catchUp() {
      const now = await manager.streams.info(STREAMS.requests);
      const last = now.state.last_seq;
      if (last <= through) return;
      const total = events + now.state.messages;
      await replayEvents({
        ...{ connection, manager, through: last, batchMax: BATCH },
        from: { afterSequence: through },
        async onBatch(batch) {
          if (batch.length > 0) await store.apply(() => batch);
          events += batch.length;
          onProgress('replay', events, Math.max(total, events));
        },
      });
      through = last;
    },
  };
}

/**
 * From which full hour on the stream knows best: the first that it has wholly. A stream that began in the hour that runs has none; then
 * it is that hour, since counts that still change cannot be copied.
 */
export function horizonOf(firstMs: number, nowMs: number): number {
  const whole = Math.ceil(firstMs / HOUR_MS) * HOUR_MS;
  return whole <= nowMs - SETTLED_MS ? whole : Math.floor(firstMs / HOUR_MS) * HOUR_MS;
}

/** So that leases in the new generation are as short as in the former one. */
async function copyBeats(redis: StoreConnection, from: Keys, to: Keys): Promise<void> {
  for (let index = 0; index < to.shards; index++) {
    const beats = await redis.hgetall(from.shard(index).beats);
    if (Object.keys(beats).length > 0) await redis.hset(to.shard(index).beats, beats);
  }
}

/** Which hours are in parts: requests are brought over in no order, so the first of an hour could not tell. */
async function copyParted(redis: StoreConnection, from: Keys, to: Keys): Promise<void> {
  for (let index = 0; index < to.shards; index++) {
    const [old, key] = [from.shard(index).historyParted, to.shard(index).historyParted];
    const hours = await redis.zrange(old, '0', '-1');
    const expiresAtMs = await redis.pexpiretime(old);
    if (hours.length === 0 || expiresAtMs <= 0) continue;
    await redis.zadd(key, ...hours.flatMap((hour) => [hour, hour]));
    await redis.pexpireat(key, expiresAtMs);
  }
}

/** @returns who has not followed in time: what they take is counted where nobody looks */
async function waitForCollectors(options: RebuildOptions, keys: Keys): Promise<string[]> {
  const endsAtMs = options.nowMs() + SWAP_PATIENCE_MS;
  for (;;) {
    const reports = await options.redis.hgetall(keys.global.collectors);
    const behind = Object.entries(reports).flatMap(([name, text]) => {
      const { seenAtMs, generation } = JSON.parse(text) as StoredCollector;
      const works = options.nowMs() - seenAtMs < HEARD_MS;
      return works && generation !== keys.generation ? [name] : [];
    });
    if (behind.length === 0 || options.nowMs() > endsAtMs) return behind;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
