import {
  BITS,
  COUNT_FIELDS,
  durationField,
  encodeRecord,
  firstTokenField,
  hourBucket,
  inputTokensField,
  LIFETIME,
  minuteBucket,
  outputTokensField,
  PER_TOKEN_SUM_FIELD,
  perTokenField,
  providerField,
  requestMember,
  rollupMember,
  shardOf,
  type Keys,
  type RequestRecord,
  type StoredProgress,
} from '@llm-monitor/contracts/redis';
import { statusOfOutcome } from '@llm-monitor/contracts/rest';
import { bucketOf, tokenBucketOf } from '@llm-monitor/contracts/stats';
import type { ChainableCommander, Redis } from 'ioredis';

/** A call as a test names it; the rest is filled in. Times in ms since 1970. */
export type SeededCall = Partial<RequestRecord> & { id: string; startedAtMs: number };

const F = COUNT_FIELDS;
const LEASE_MS = 60_000;

/** Writes calls to Redis in the collector's layout, for tests of those who only read it. */
export function createSeeder(redis: Redis, keys: Keys) {
  const write = async (calls: readonly SeededCall[], add: typeof addEnded): Promise<void> => {
    const pipeline = redis.pipeline();
    const sums: Sums = new Map();
    for (const call of calls) {
      add({ pipeline, sums }, keys, { app: 'shop', model: 'llama3.2:3b', ...call });
    }
    for (const [hash, fields] of sums) {
      for (const [field, sum] of fields) {
        if (field === F.lastUsedMs) pipeline.hset(hash, field, sum);
        else pipeline.hincrby(hash, field, sum);
      }
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  };
  return {
    /** Calls that ended: an outcome of `completed` and a second's duration, unless it says otherwise. */
    ended: (...calls: readonly SeededCall[]) => write(calls, addEnded),
    running: (...calls: readonly SeededCall[]) => write(calls, addRunning),
    progress: (call: { id: string; app?: string }, progress: StoredProgress) =>
      redis.hset(
        keys.shard(shardOf(call.id, keys.shards)).live,
        requestMember(call.app ?? 'shop', call.id),
        JSON.stringify(progress),
      ),
  };
}

/** Whoever reads has to bear what versions before wrote beside what is written now. */
const formFor = (id: string) => (shardOf(id, 2) === 0 ? 'json' : 'short');

type Call = SeededCall & { app: string; model: string };
/** Key of a hash → field → what is added to it: many calls at once add to the same few. */
type Sums = Map<string, Map<string, number>>;
interface Batch {
  pipeline: ChainableCommander;
  sums: Sums;
}

function addTo(sums: Sums, hash: string, field: string, count: number): void {
  const fields = sums.get(hash) ?? new Map<string, number>();
  sums.set(hash, fields);
  fields.set(field, field === F.lastUsedMs ? count : (fields.get(field) ?? 0) + count);
}

function addRunning(batch: Batch, keys: Keys, call: Call): void {
  const { pipeline } = batch;
  const shard = keys.shard(shardOf(call.id, keys.shards));
  const bits = BITS.start | (call.ttftMs === undefined ? 0 : BITS.firstToken);
  pipeline.hset(
    shard.request(call.app, call.id),
    ...encodeRecord({ ...call, bits }, formFor(call.id)),
  );
  pipeline.zadd(shard.active, call.startedAtMs + LEASE_MS, requestMember(call.app, call.id));
  pipeline.sadd(shard.apps, call.app);
  addCounts(batch, keys, call, call.startedAtMs, { [F.started]: 1 });
}

function addEnded(batch: Batch, keys: Keys, call: Call): void {
  const { pipeline, sums } = batch;
  const shard = keys.shard(shardOf(call.id, keys.shards));
  const durationMs = call.durationMs ?? 1000;
  const endedAtMs = call.endedAtMs ?? call.startedAtMs + durationMs;
  const outcome = call.outcome ?? 'completed';
  const record = { ...call, bits: BITS.start | BITS.end, durationMs, endedAtMs, outcome };
  pipeline.hset(shard.request(call.app, call.id), ...encodeRecord(record, formFor(call.id)));
  const hour = Math.floor(endedAtMs / 3_600_000);
  pipeline.zadd(shard.history(hour), endedAtMs, requestMember(call.app, call.id));
  pipeline.sadd(shard.historyHours, hour);
  pipeline.sadd(shard.apps, call.app);
  addCounts(batch, keys, call, call.startedAtMs, { [F.started]: 1 });
  addCounts(batch, keys, call, endedAtMs, endCounts(record));
  const lifetime = shard.rollup(LIFETIME, memberOf(call));
  for (const field of lifetimeFields(record)) addTo(sums, lifetime, field, 1);
  addTo(sums, lifetime, PER_TOKEN_SUM_FIELD, Math.round(perTokenMs(record) * 1000));
}

const memberOf = ({ model, app, host, demo }: Call) =>
  rollupMember({ model, app, host: host ?? '', demo: demo ?? false });

const perTokenMs = ({ durationMs = 0, ttftMs, usage }: Call): number =>
  ttftMs === undefined ? 0 : (durationMs - ttftMs) / ((usage?.outputTokens ?? 2) - 1);

function lifetimeFields(record: Call): string[] {
  const { inputTokens, outputTokens } = record.usage ?? {};
  return [
    providerField(record.provider),
    ...(inputTokens === undefined ? [] : [inputTokensField(tokenBucketOf(inputTokens))]),
    ...(outputTokens === undefined ? [] : [outputTokensField(tokenBucketOf(outputTokens))]),
    ...(perTokenMs(record) > 0 ? [perTokenField(bucketOf(perTokenMs(record)))] : []),
  ];
}

function endCounts(record: Call & { outcome: RequestRecord['outcome']; durationMs: number }) {
  const status = statusOfOutcome(record.outcome ?? 'orphaned');
  const counts: Record<string, number> = {
    [F.inputTokens]: record.usage?.inputTokens ?? 0,
    [F.outputTokens]: record.usage?.outputTokens ?? 0,
  };
  if (status === 'timeout') counts[F.timeouts] = 1;
  if (status === 'cancelled') counts[F.cancelled] = 1;
  else if (status !== 'completed') counts[F.failed] = 1;
  else {
    counts[F.completed] = 1;
    counts[F.inferences] = 1;
    counts[F.durationMs] = record.durationMs;
    counts[durationField(bucketOf(record.durationMs))] = 1;
    if (record.ttftMs !== undefined) {
      counts[F.firstTokens] = 1;
      counts[F.firstTokenMs] = Math.round(record.ttftMs);
      counts[firstTokenField(bucketOf(record.ttftMs))] = 1;
      counts[F.generatedTokens] = record.usage?.outputTokens ?? 0;
      counts[F.generationMs] = Math.round(record.durationMs - record.ttftMs);
    }
  }
  return counts;
}

function addCounts(
  { pipeline, sums }: Batch,
  keys: Keys,
  call: Call,
  atMs: number,
  counts: Record<string, number>,
): void {
  const shard = keys.shard(shardOf(call.id, keys.shards));
  const member = memberOf(call);
  const buckets = [minuteBucket(atMs), hourBucket(atMs), LIFETIME] as const;
  for (const bucket of buckets) pipeline.sadd(shard.rollupIndex(bucket), member);
  const hashes = [
    ...buckets.map((bucket) => shard.rollup(bucket, member)),
    shard.totals(call.demo ?? false),
  ];
  for (const hash of hashes) {
    for (const [field, count] of Object.entries(counts)) addTo(sums, hash, field, count);
    addTo(sums, hash, F.lastUsedMs, call.startedAtMs);
  }
}
