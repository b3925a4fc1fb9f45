import { randomUUID } from 'node:crypto';

import { generationPrefix, type Keys } from '@llm-monitor/contracts/redis';
import { readGeneration, type StoreConnection } from '@llm-monitor/runtime';
import type { ChainableCommander } from 'ioredis';

import { isCount, tagOf, treatmentOf } from '../../core/archived-keys.ts';
import { keyInGeneration, nameInGeneration } from '../../core/generation-keys.ts';
import { lockRebuild } from '../rebuild/rebuild-lock.ts';
import { storeNodes } from '../rebuild/scan-keys.ts';
import { ArchiveError, type ArchiveEntry } from './archive-format.ts';
import type { BackupAccount } from './backup.ts';
import { readArchive } from './read-archive.ts';

const ENTRIES_AT_ONCE = 500;
const SCAN_COUNT = 1000;

export interface RestoreOptions {
  redis: StoreConnection;
  keys: Keys;
  path: string;
  /** Removes what is there; else only an empty store is restored into. */
  replace: boolean;
  nowMs: number;
  onProgress(keys: number): void;
}

/**
 * Puts a backup into the present generation of a store, which holds no calls. Services may run: counts are added, so what is collected meanwhile counts too.
 * The whole file is read and checked before anything is written.
 * @throws {ArchiveError} and what a rebuild throws that cannot begin: only one of both may run
 */
export async function restoreBackup(options: RestoreOptions): Promise<BackupAccount> {
  const { redis, keys, path } = options;
  const { head, end } = await readArchive(path);
  if (head.shards !== keys.shards) {
    throw new ArchiveError(
      `The backup is of a store with ${head.shards} ${head.shards === 1 ? 'shard' : 'shards'}. Set REDIS_SHARDS=${head.shards} for all services, then restore it.`,
    );
  }
  const lock = await lockRebuild(redis, keys);
  try {
    keys.use(await readGeneration(redis, keys));
    await prepare(options);
    await fill(options).catch((cause: unknown) => {
      throw new ArchiveError(
        `Restoring broke off (${(cause as Error).message}), and the store holds a part of the backup. Put that right, then restore it again with --replace.`,
        { cause },
      );
    });
  } finally {
    await lock.release();
  }
  return { keys: end.keys, requests: end.requests };
}

async function prepare({ redis, keys, replace }: RestoreOptions): Promise<void> {
  if (replace || !(await holdsCalls(redis, keys))) return;
  throw new ArchiveError(
    'There are calls in this store already. A backup goes into an empty one; --replace removes what is there first.',
  );
}

async function fill(options: RestoreOptions): Promise<void> {
  const { redis, keys, path } = options;
  if (options.replace) await removeAll(redis, generationPrefix(keys.generation));
  let restored = 0;
  let waiting: ArchiveEntry[] = [];
  const flush = async () => {
    await writeEntries(options, waiting);
    restored += waiting.length;
    options.onProgress(restored);
    waiting = [];
  };
  await readArchive(path, async (entry) => {
    waiting.push(entry);
    if (waiting.length >= ENTRIES_AT_ONCE) await flush();
  });
  await flush();
  // Readers start afresh.
  await redis.set(keys.global.epoch, randomUUID());
}

async function holdsCalls(redis: StoreConnection, keys: Keys): Promise<boolean> {
  for (let index = 0; index < keys.shards; index++) {
    const { totals, active, historyHours } = keys.shard(index);
    const found = await redis.exists(totals(false), totals(true), active, historyHours);
    if (found > 0) return true;
  }
  return false;
}

/** All that a backup could hold; the shard's feed goes stale with it. */
async function removeAll(redis: StoreConnection, prefix: string): Promise<void> {
  for (const node of storeNodes(redis)) {
    let cursor = '0';
    do {
      const match = ['MATCH', '*{s*}:*', 'COUNT', SCAN_COUNT] as const;
      const [next, found] = await node.scan(cursor, ...match);
      cursor = next;
      const pipeline = node.pipeline();
      for (const key of found) {
        const name = nameInGeneration(key, prefix);
        if (name === undefined) continue;
        if (treatmentOf(name) !== 'left-out' || /:(feed|live|beats)$/.test(name)) {
          pipeline.unlink(key);
        }
      }
      await runAll(pipeline);
    } while (cursor !== '0');
  }
}

async function writeEntries(
  { redis, keys, nowMs }: RestoreOptions,
  entries: readonly ArchiveEntry[],
): Promise<void> {
  const byTag = new Map<string, ArchiveEntry[]>();
  for (const entry of entries) {
    const [, key, expiresAtMs] = entry;
    if (expiresAtMs > 0 && expiresAtMs <= nowMs) continue;
    const tag = tagOf(key);
    byTag.set(tag, [...(byTag.get(tag) ?? []), entry]);
  }
  const prefix = generationPrefix(keys.generation);
  // A pipeline stays with one shard of a cluster.
  for (const some of byTag.values()) {
    const pipeline = redis.pipeline();
    for (const entry of some) writeEntry(pipeline, prefix, entry);
    await runAll(pipeline);
  }
}

function writeEntry(
  pipeline: ChainableCommander,
  prefix: string,
  [kind, name, expiresAtMs, values]: ArchiveEntry,
): void {
  const key = keyInGeneration(name, prefix);
  const treatment = treatmentOf(name);
  if (treatment === 'left-out') return;
  if (kind === 't') pipeline.setnx(key, values[0] ?? '');
  else if (kind === 's') pipeline.sadd(key, ...values);
  else if (kind === 'z') pipeline.zadd(key, 'NX', ...inTurn(values, (score, at) => [at, score]));
  else if (treatment === 'request') pipeline.hset(key, ...values);
  else {
    inTurn(values, (field, value) => {
      if (treatment === 'counts' && isCount(field)) pipeline.hincrby(key, field, value);
      else pipeline.hsetnx(key, field, value);
      return [];
    });
  }
  if (expiresAtMs > 0) pipeline.pexpireat(key, expiresAtMs);
}

function inTurn(
  values: readonly string[],
  map: (first: string, second: string) => string[],
): string[] {
  const mapped: string[] = [];
  for (let i = 0; i + 1 < values.length; i += 2) {
    mapped.push(...map(values[i] ?? '', values[i + 1] ?? ''));
  }
  return mapped;
}

async function runAll(pipeline: ChainableCommander): Promise<void> {
  if (pipeline.length === 0) return;
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}
