import { requestMember, shardOf, type RequestRecord } from '@llm-monitor/contracts/redis';
import {
  isEnded,
  toActiveRequest,
  toEndedRequest,
  type AnyRequest,
} from '@llm-monitor/contracts/rest';

import type { Store } from '../store.ts';
import { parseProgress } from './read-active.ts';
import { readRecords } from './read-records.ts';

/** The call of that id, running or ended; where several apps used the id, the newest. Undefined when none is kept. */
export async function readRequest(
  store: Store,
  id: string,
  nowMs: number,
): Promise<AnyRequest | undefined> {
  const keys = store.keys.shard(shardOf(id, store.keys.shards));
  const apps = await store.redis.smembers(keys.apps);
  const records = await readRecords(
    store,
    keys,
    apps.map((app) => requestMember(app, id)),
  );
  const newest = records
    .filter((record) => record !== undefined)
    .sort((a, b) => lastChangeMs(b) - lastChangeMs(a))[0];
  if (!newest) return undefined;
  if (isEnded(newest)) return toEndedRequest(newest);
  const progress = await store.redis.hget(keys.live, requestMember(newest.app, id));
  return toActiveRequest(newest, parseProgress(progress), nowMs);
}

const lastChangeMs = (record: RequestRecord): number => record.endedAtMs ?? record.startedAtMs ?? 0;
