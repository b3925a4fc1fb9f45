import { readFileSync } from 'node:fs';

import { subjectToken } from '@llm-monitor/contracts/bus';
import type { RequestResources } from '@llm-monitor/contracts/events';
import {
  decodeRecord,
  hourBucket,
  minuteBucket,
  RESOURCES_FIELD,
  rollupMember,
  shardOf,
  type Keys,
  type ShardKeys,
  type StoredResources,
} from '@llm-monitor/contracts/redis';
import { createScript, type StoreConnection } from '@llm-monitor/runtime';

/** Keeps with requests what their server took meanwhile. A request that is not kept stays unknown. */
export interface ResourceStore {
  keep(requests: readonly RequestResources[]): Promise<void>;
}

export function createResourceStore(redis: StoreConnection, keys: Keys): ResourceStore {
  const source = readFileSync(new URL('./apply-resources.lua', import.meta.url), 'utf8');
  const script = createScript(redis, source);
  return {
    async keep(requests) {
      const byShard = new Map<number, RequestResources[]>();
      for (const request of requests) {
        const index = shardOf(request.requestId, keys.shards);
        byShard.set(index, [...(byShard.get(index) ?? []), request]);
      }
      await Promise.all(
        [...byShard].map(async ([index, own]) => {
          const shard = keys.shard(index);
          // As a subject's token, which is how the app of a request is spelt in its key.
          const hashes = own.map(({ app, requestId }) =>
            shard.request(subjectToken(app), requestId),
          );
          const args = await Promise.all(
            own.map(async (one, i) => [
              toStored(one),
              ...(await placeOf(one, hashes[i] ?? '', shard)),
            ]),
          );
          await script.run(hashes, [shard.prefix, RESOURCES_FIELD, ...args.flat()]);
        }),
      );
    },
  };

  /** Its energy, when it ended, and where that is counted. */
  async function placeOf(
    { app, requestId: id, energyJoules }: RequestResources,
    key: string,
    shard: ShardKeys,
  ): Promise<(string | number)[]> {
    const none = ['', '', '', '', '', ''];
    if (energyJoules === undefined) return none;
    const [a, b, e] = await redis.hmget(key, 'a', 'b', 'e');
    if (!a || !b || !e) return none;
    const of = { id, app: subjectToken(app) };
    const record = decodeRecord(of, { a, b, e });
    const endedAtMs = Number(e);
    if (!record || Number.isNaN(endedAtMs)) return none;
    const { model, host = '', demo = false } = record;
    return [
      ...[Math.round(energyJoules), e, minuteBucket(endedAtMs), hourBucket(endedAtMs)],
      rollupMember({ model, app: of.app, host, demo }),
      shard.totals(demo).slice(shard.prefix.length),
    ];
  }
}

function toStored({ cpuPercent, memoryBytes, samples, energyJoules }: RequestResources): string {
  const energy = energyJoules === undefined ? {} : { energyJoules };
  const stored: StoredResources = { cpuPercent, memoryBytes, samples, ...energy };
  return JSON.stringify(stored);
}
