import {
  decodeRecord,
  RESOURCES_FIELD,
  shardOf,
  type Keys,
  type StoredResources,
} from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';
import type { Redis } from 'ioredis';

import { eventsOfRecord } from '../../core/events-of-record.ts';
import type { RequestStore } from '../request-store.ts';
import { createResourceStore, type ResourceStore } from '../resource-store.ts';
import { scanGeneration, storeNodes } from './scan-keys.ts';

export interface ImportOptions {
  redis: StoreConnection;
  /** Keys of the generation that is filled. */
  keys: Keys;
  store: RequestStore;
  /** The generation that it is filled from. */
  from: number;
  onProgress(requests: number): void;
}

/**
 * Brings every request of one generation into another: what the stream had is there already and changes nothing; what it no longer
 * has is applied from the record. Of a request whose record was let go the phase bits are kept, so that none of its events counts again.
 * @returns how many requests were looked at
 */
export async function importRequests(options: ImportOptions): Promise<number> {
  const resources = createResourceStore(options.redis, options.keys);
  let seen = 0;
  for (const node of storeNodes(options.redis)) {
    for await (const keys of scanGeneration(node, options.from, 'req:')) {
      await importSome(node, keys, { ...options, resources });
      seen += keys.length;
      options.onProgress(seen);
    }
  }
  return seen;
}

async function importSome(
  node: Redis,
  names: string[],
  options: ImportOptions & { resources: ResourceStore },
): Promise<void> {
  const hashes = await readAll(node, names);
  const records = [];
  for (const [i, { hash, expiresAtMs }] of hashes.entries()) {
    const of = partsOf(names[i] ?? '');
    if (!of || hash['b'] === undefined) continue;
    if (hash['a'] === undefined) await keepBits(of, hash, expiresAtMs, options);
    else records.push({ of, hash, record: decodeRecord(of, hash) });
  }
  const events = records.flatMap(({ record }) => (record ? eventsOfRecord(record) : []));
  if (events.length > 0) await options.store.apply(() => events);
  await Promise.all(records.map(({ of, hash }) => keepResources(of, hash, options.resources)));
}

async function readAll(
  node: Redis,
  names: readonly string[],
): Promise<{ hash: Record<string, string>; expiresAtMs: number }[]> {
  const pipeline = node.pipeline();
  for (const name of names) pipeline.hgetall(name).pexpiretime(name);
  const results = ((await pipeline.exec()) ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  return names.map((_, i) => ({
    hash: results[2 * i] as Record<string, string>,
    expiresAtMs: Number(results[2 * i + 1]),
  }));
}

async function keepBits(
  of: { id: string; app: string },
  hash: Record<string, string>,
  expiresAtMs: number,
  { redis, keys }: ImportOptions,
): Promise<void> {
  const key = keys.shard(shardOf(of.id, keys.shards)).request(of.app, of.id);
  // In the stream it is whole: then its record counts.
  if ((await redis.exists(key)) === 1) return;
  await redis.hset(key, hash);
  if (expiresAtMs > 0) await redis.pexpireat(key, expiresAtMs);
}

/** They do not come from the stream of requests. */
async function keepResources(
  of: { id: string; app: string },
  hash: Record<string, string>,
  resources: ResourceStore,
): Promise<void> {
  const stored = hash[RESOURCES_FIELD];
  if (stored === undefined) return;
  const { samples = 1, ...figures } = JSON.parse(stored) as StoredResources;
  await resources.keep([{ app: of.app, requestId: of.id, samples, ...figures }]);
}

/** `…req:<app>:<id>`; neither holds a colon. */
function partsOf(key: string): { app: string; id: string } | undefined {
  const match = /\}:req:([^:]+):([^:]+)$/.exec(key);
  return match ? { app: match[1] ?? '', id: match[2] ?? '' } : undefined;
}
