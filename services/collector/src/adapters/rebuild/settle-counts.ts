import {
  COUNT_FIELDS,
  createKeys,
  isOnlyInLifetime,
  LIFETIME,
  withoutBlocks,
  type Bucket,
  type Keys,
  type ShardKeys,
} from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';

import { scanGeneration, storeNodes } from './scan-keys.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

type Counts = Map<string, number>;

export interface SettleOptions {
  redis: StoreConnection;
  /** Keys of the generation that is filled. Nobody else writes it. */
  keys: Keys;
  from: number;
  /** A full hour. What happened before is not, or not wholly, in the stream: there the old counts are kept. */
  horizonMs: number;
}

const ENDED = [COUNT_FIELDS.completed, COUNT_FIELDS.failed, COUNT_FIELDS.cancelled];

/** What is summed up over all time: the totals, or the lifetime of one combination. */
interface Sum {
  key(of: ShardKeys): string;
  /** Is this combination part of it? */
  holds(member: string): boolean;
}

/**
 * Counts of before the stream's horizon may be of calls that nothing else tells of any more: their rollups become what they were, and
 * totals and lifetimes get what they had beyond the hours that the stream tells.
 */
export async function settleCounts(options: SettleOptions): Promise<void> {
  const { redis, keys, from } = options;
  const old = createKeys({ shards: keys.shards, generation: from });
  for (const node of storeNodes(redis)) {
    for await (const names of scanGeneration(node, from, 'roll:')) {
      for (const name of names) await settleRollup(name, options);
    }
  }
  for (let index = 0; index < keys.shards; index++) {
    for (const sum of await sumsOf(redis, old.shard(index))) {
      await settleSum(old.shard(index), keys.shard(index), sum, options);
    }
    await keepLifetimes(redis, old.shard(index), keys.shard(index));
  }
}

async function settleRollup(name: string, options: SettleOptions): Promise<void> {
  const { redis, keys, horizonMs } = options;
  const match = /\{s(\d+)\}:roll:([mh]\d+):(.*)$/.exec(name);
  if (!match) return;
  const bucket = match[2] as Bucket;
  const member = match[3] ?? '';
  if (startOf(bucket) >= horizonMs) return;
  const shard = keys.shard(Number(match[1]));
  const key = shard.rollup(bucket, member);
  const [before, expiresAtMs] = [await redis.hgetall(name), await redis.pexpiretime(name)];
  if (Object.keys(before).length === 0) return;
  await redis.del(key);
  await redis.hset(key, before);
  await redis.sadd(shard.rollupIndex(bucket), member);
  if (expiresAtMs > 0) {
    await redis.pexpireat(key, expiresAtMs);
    await redis.expire(shard.rollupIndex(bucket), Math.ceil((expiresAtMs - Date.now()) / 1000));
  }
}

async function sumsOf(redis: StoreConnection, old: ShardKeys): Promise<Sum[]> {
  const members = (await redis.smembers(old.rollupIndex(LIFETIME))).map(String);
  return [
    ...[false, true].map((demo) => ({
      key: (of: ShardKeys) => of.totals(demo),
      holds: (member: string) => member.endsWith(':demo') === demo,
    })),
    ...members.map((member) => ({
      key: (of: ShardKeys) => of.rollup(LIFETIME, member),
      holds: (other: string) => other === member,
    })),
  ];
}

async function keepLifetimes(redis: StoreConnection, old: ShardKeys, present: ShardKeys) {
  const members = (await redis.smembers(old.rollupIndex(LIFETIME))).map(String);
  if (members.length > 0) await redis.sadd(present.rollupIndex(LIFETIME), ...members);
}

async function settleSum(
  old: ShardKeys,
  present: ShardKeys,
  sum: Sum,
  { redis, horizonMs }: SettleOptions,
): Promise<void> {
  const before = subtract(...(await readAtOnce(redis, old, sum, horizonMs)));
  const after = subtract(...(await readAtOnce(redis, present, sum, horizonMs)));
  const key = sum.key(present);
  const missingOf = (field: string) => (before.get(field) ?? 0) - (after.get(field) ?? 0);
  // What only lifetimes have no hour tells apart from what is counted meanwhile. Where the stream tells of all calls, nothing of it is missing.
  const isWhole = ENDED.every((field) => missingOf(field) === 0);
  for (const field of before.keys()) {
    if (field === COUNT_FIELDS.lastUsedMs || (isWhole && isOnlyInLifetime(field))) continue;
    const missing = missingOf(field);
    if (missing !== 0) await redis.hincrby(key, field, missing);
  }
  const lastUsed = await redis.hget(sum.key(old), COUNT_FIELDS.lastUsedMs);
  const known = await redis.hget(key, COUNT_FIELDS.lastUsedMs);
  if (Number(lastUsed ?? 0) > Number(known ?? 0)) {
    await redis.hset(key, COUNT_FIELDS.lastUsedMs, lastUsed ?? '0');
  }
}

/** A sum and its hours since the horizon, as they are at one moment: events are being counted meanwhile. */
async function readAtOnce(
  redis: StoreConnection,
  shard: ShardKeys,
  sum: Sum,
  horizonMs: number,
): Promise<[totals: Counts, hours: Counts[]]> {
  for (;;) {
    const names = await hourKeys(redis, shard, sum, horizonMs);
    const transaction = redis.multi();
    transaction.hgetall(sum.key(shard));
    for (const name of names) transaction.hgetall(name);
    const results = ((await transaction.exec()) ?? []).map(([error, hash]) => {
      if (error) throw error;
      return toCounts(hash as Record<string, string>);
    });
    // A new one may have come between the question for their names and that for their counts.
    if ((await hourKeys(redis, shard, sum, horizonMs)).length === names.length) {
      return [results[0] ?? new Map(), results.slice(1)];
    }
  }
}

async function hourKeys(
  redis: StoreConnection,
  shard: ShardKeys,
  { holds }: Sum,
  horizonMs: number,
): Promise<string[]> {
  const keys: string[] = [];
  const last = Math.floor(Date.now() / HOUR_MS) + 1;
  for (let hour = horizonMs / HOUR_MS; hour <= last; hour++) {
    const members = await redis.smembers(shard.rollupIndex(`h${hour}`));
    for (const member of members.map(String)) {
      if (holds(member)) keys.push(shard.rollup(`h${hour}`, member));
    }
  }
  return keys;
}

function subtract(totals: Counts, hours: readonly Counts[]): Counts {
  const rest = new Map(totals);
  for (const hour of hours) {
    for (const [field, count] of hour) rest.set(field, (rest.get(field) ?? 0) - count);
  }
  return rest;
}

function toCounts(hash: Record<string, string>): Counts {
  return new Map(Object.entries(withoutBlocks(hash)).map(([field, text]) => [field, Number(text)]));
}

function startOf(bucket: Bucket): number {
  return Number(bucket.slice(1)) * (bucket.startsWith('m') ? MINUTE_MS : HOUR_MS);
}
