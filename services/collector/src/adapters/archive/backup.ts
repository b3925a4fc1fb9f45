import { generationPrefix, withoutBlocks, type Keys } from '@llm-monitor/contracts/redis';
import { readGeneration, type StoreConnection } from '@llm-monitor/runtime';
import type { ChainableCommander, Redis } from 'ioredis';

import { treatmentOf } from '../../core/archived-keys.ts';
import { nameInGeneration } from '../../core/generation-keys.ts';
import { storeNodes } from '../rebuild/scan-keys.ts';
import {
  ARCHIVE_FORMAT,
  ARCHIVE_VERSION,
  ArchiveError,
  type ArchiveEntry,
} from './archive-format.ts';
import { withHeldWrites } from './held-writes.ts';
import { openArchiveWriter } from './write-archive.ts';

const SCAN_COUNT = 1000;
/** A line holds so many members of a large set. */
const MEMBERS_PER_LINE = 5000;

export interface BackupOptions {
  redis: StoreConnection;
  keys: Keys;
  path: string;
  product: string;
  nowMs: number;
  onProgress(keys: number): void;
  /** Somebody does not want it any more. */
  stopped: AbortSignal;
}

/** What went into a backup. */
export interface BackupAccount {
  keys: number;
  requests: number;
}

/** Writes the present generation, and what outlives generations, into one file, as they are at one moment. */
export async function writeBackup(options: BackupOptions): Promise<BackupAccount> {
  const { redis, keys, path, product, nowMs } = options;
  const writer = openArchiveWriter(path, {
    ...{ format: ARCHIVE_FORMAT, version: ARCHIVE_VERSION, product, shards: keys.shards },
    at: new Date(nowMs).toISOString(),
  });
  const account: BackupAccount = { keys: 0, requests: 0 };
  try {
    await withHeldWrites(redis, async (isHeld) => {
      // Nobody changes over to another generation while writes are held.
      const prefix = generationPrefix(await readGeneration(redis, keys));
      for (const node of storeNodes(redis)) {
        for await (const found of scanKeys(node, prefix)) {
          if (options.stopped.aborted) throw new ArchiveError('Stopped: no backup was written.');
          if (!isHeld()) throw new ArchiveError('Redis went on writing meanwhile. Try again.');
          await writeKeys(node, found, writer.add, account);
          options.onProgress(account.keys);
        }
      }
    });
    await writer.end(account);
    return account;
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** A key, and what a backup calls it. */
interface Found {
  key: string;
  name: string;
}

/** A scan may name a key twice, and counts must not come twice. */
async function* scanKeys(node: Redis, prefix: string): AsyncGenerator<Found[]> {
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const match = ['MATCH', '*{s*}:*', 'COUNT', SCAN_COUNT] as const;
    const [next, keys] = await node.scan(cursor, ...match);
    cursor = next;
    yield keys.flatMap((key) => {
      const name = nameInGeneration(key, prefix);
      if (name === undefined) return [];
      const treatment = treatmentOf(name);
      if (treatment === 'left-out' || seen.has(key)) return [];
      if (treatment !== 'request') seen.add(key);
      return [{ key, name }];
    });
  } while (cursor !== '0');
}

async function writeKeys(
  node: Redis,
  found: readonly Found[],
  add: (entry: ArchiveEntry) => Promise<void>,
  account: BackupAccount,
): Promise<void> {
  const types = await typesOf(node, found);
  const results = await run(node.pipeline(), (pipeline) => {
    for (const [i, { key }] of found.entries()) {
      pipeline.pexpiretime(key);
      readValue(pipeline, key, types[i] ?? 'none');
    }
  });
  for (const [i, { name }] of found.entries()) {
    const expiresAtMs = Number(results[2 * i]);
    const values = toValues(name, types[i] ?? 'none', results[2 * i + 1]);
    // Gone meanwhile: its time was up.
    if (values.length === 0 || expiresAtMs === -2) continue;
    account.keys++;
    if (treatmentOf(name) === 'request') account.requests++;
    for (let from = 0; from < values.length; from += 2 * MEMBERS_PER_LINE) {
      const part = values.slice(from, from + 2 * MEMBERS_PER_LINE);
      await add([kindOf(types[i] ?? ''), name, Math.max(0, expiresAtMs), part]);
    }
  }
}

/** Most keys are requests and rollups, which are hashes: only the others need be asked. */
async function typesOf(node: Redis, found: readonly Found[]): Promise<string[]> {
  const plain = found.filter(({ name }) => treatmentOf(name) === 'plain');
  const answers = await run(node.pipeline(), (pipeline) =>
    plain.forEach(({ key }) => pipeline.type(key)),
  );
  const types = new Map(plain.map(({ key }, i) => [key, String(answers[i])]));
  return found.map(({ key }) => types.get(key) ?? 'hash');
}

function readValue(pipeline: ChainableCommander, key: string, type: string): void {
  if (type === 'hash') pipeline.hgetall(key);
  else if (type === 'zset') pipeline.zrange(key, '0', '-1', 'WITHSCORES');
  else if (type === 'set') pipeline.smembers(key);
  else if (type === 'string') pipeline.get(key);
  else pipeline.exists(key);
}

function toValues(name: string, type: string, reply: unknown): readonly string[] {
  if (type === 'hash') {
    const fields = reply as Record<string, string>;
    // Restoring adds to each count by itself; and every version can restore it so.
    return Object.entries(treatmentOf(name) === 'counts' ? withoutBlocks(fields) : fields).flat();
  }
  if (type === 'zset' || type === 'set') return reply as string[];
  return type === 'string' && typeof reply === 'string' ? [reply] : [];
}

const KINDS = { hash: 'h', zset: 'z', set: 's', string: 't' } as const;
const kindOf = (type: string) => KINDS[type as keyof typeof KINDS] ?? 't';

async function run(
  pipeline: ChainableCommander,
  fill: (pipeline: ChainableCommander) => void,
): Promise<unknown[]> {
  fill(pipeline);
  return ((await pipeline.exec()) ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}
