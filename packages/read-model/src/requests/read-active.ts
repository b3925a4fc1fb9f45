import {
  requestMember,
  type RequestRecord,
  type StoredProgress,
} from '@llm-monitor/contracts/redis';
import { isEnded, toActiveRequest, type ActiveRequest } from '@llm-monitor/contracts/rest';

import { fromEachShard, matchesDemo, readMany, type DemoFilter, type Store } from '../store.ts';
import type { RunningCall } from '../verdicts/judge-running.ts';
import { readVerdicts, withVerdicts } from '../verdicts/read-verdicts.ts';
import { readRecords } from './read-records.ts';

/** Running calls with their last progress, oldest first. */
export async function readActive(
  store: Store,
  options: { demo: DemoFilter; nowMs: number },
): Promise<ActiveRequest[]> {
  const [shards, verdicts] = await Promise.all([
    fromEachShard(store, (shard) => readRunning(store, shard)),
    readVerdicts(store),
  ]);
  return shards
    .flat()
    .filter(({ record }) => matchesDemo(record.demo ?? false, options.demo))
    .sort((a, b) => compareStarts(a.record, b.record))
    .map(({ record, progress }) =>
      withVerdicts(
        toActiveRequest(record, progress, options.nowMs),
        verdicts.get(requestMember(record.app, record.id)),
      ),
    );
}

async function readRunning(store: Store, shard: number): Promise<RunningCall[]> {
  const keys = store.keys.shard(shard);
  const [members, live] = (await readMany(store.redis, [
    ['zrange', keys.active, 0, -1],
    ['hgetall', keys.live],
  ])) as [string[], Record<string, string>];
  const records = await readRecords(store, keys, members);
  return records.flatMap((record, i) =>
    // It may have ended between the two reads.
    record && !isEnded(record) ? [{ record, progress: parseProgress(live[members[i] ?? '']) }] : [],
  );
}

export function parseProgress(text: string | null | undefined): StoredProgress | undefined {
  return text ? (JSON.parse(text) as StoredProgress) : undefined;
}

function compareStarts(a: RequestRecord, b: RequestRecord): number {
  return (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0) || (a.id < b.id ? -1 : 1);
}

/** How many calls run. */
export interface ActiveCounts {
  total: number;
  byModel: ReadonlyMap<string, number>;
  byApp: ReadonlyMap<string, number>;
}

export async function countActive(store: Store, demo: DemoFilter): Promise<ActiveCounts> {
  const perShard = await fromEachShard(store, async (shard) => {
    const keys = store.keys.shard(shard);
    const members = await store.redis.zrange(keys.active, '0', '-1');
    return readRecords(store, keys, members);
  });
  const byModel = new Map<string, number>();
  const byApp = new Map<string, number>();
  let total = 0;
  for (const record of perShard.flat()) {
    if (!record || isEnded(record) || !matchesDemo(record.demo ?? false, demo)) continue;
    byModel.set(record.model, (byModel.get(record.model) ?? 0) + 1);
    byApp.set(record.app, (byApp.get(record.app) ?? 0) + 1);
    total++;
  }
  return { total, byModel, byApp };
}
