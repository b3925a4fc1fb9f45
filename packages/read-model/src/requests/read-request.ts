import { requestMember, shardOf, type RequestRecord } from '@llm-monitor/contracts/redis';
import {
  isEnded,
  toActiveRequest,
  toEndedRequest,
  type AnyRequest,
} from '@llm-monitor/contracts/rest';

import { readCostSettings, withCost } from '../costs/cost-settings.ts';
import type { Store } from '../store.ts';
import { parseVerdicts, readEndedVerdicts, withVerdicts } from '../verdicts/read-verdicts.ts';
import { parseProgress } from './read-active.ts';
import { readRecords } from './read-records.ts';

/** The calls of that id, running or ended: one for each app that used it, the newest first. */
export async function readRequests(store: Store, id: string): Promise<RequestRecord[]> {
  const keys = store.keys.shard(shardOf(id, store.keys.shards));
  const apps = await store.redis.smembers(keys.apps);
  const records = await readRecords(
    store,
    keys,
    apps.map((app) => requestMember(app, id)),
  );
  return records
    .filter((record) => record !== undefined)
    .sort((a, b) => lastChangeMs(b) - lastChangeMs(a));
}

/**
 * The call of that id, running or ended. Undefined when none is kept.
 * @param options.app whose; without it, where several apps used the id, the newest
 */
export async function readRequest(
  store: Store,
  id: string,
  options: { app?: string; nowMs: number },
): Promise<AnyRequest | undefined> {
  const { app, nowMs } = options;
  const records = await readRequests(store, id);
  const found = records.find((record) => app === undefined || record.app === app);
  if (!found) return undefined;
  const member = requestMember(found.app, id);
  if (isEnded(found)) {
    const [[known], prices] = await Promise.all([
      readEndedVerdicts(store, [member]),
      readCostSettings(store),
    ]);
    return withVerdicts(withCost(toEndedRequest(found), prices), known?.verdicts);
  }
  const { live } = store.keys.shard(shardOf(id, store.keys.shards));
  const [progress, verdicts] = await Promise.all([
    store.redis.hget(live, member),
    store.redis.hget(store.keys.global.verdicts, member),
  ]);
  return withVerdicts(
    toActiveRequest(found, parseProgress(progress), nowMs),
    parseVerdicts(verdicts)?.verdicts,
  );
}

const lastChangeMs = (record: RequestRecord): number => record.endedAtMs ?? record.startedAtMs ?? 0;
