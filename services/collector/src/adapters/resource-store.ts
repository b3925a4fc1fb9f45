import { readFileSync } from 'node:fs';

import { subjectToken } from '@llm-monitor/contracts/bus';
import type { RequestResources } from '@llm-monitor/contracts/events';
import {
  RESOURCES_FIELD,
  shardOf,
  type Keys,
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
        [...byShard].map(([index, own]) => {
          const shard = keys.shard(index);
          // As a subject's token, which is how the app of a request is spelt in its key.
          const hashes = own.map(({ app, requestId }) =>
            shard.request(subjectToken(app), requestId),
          );
          return script.run(hashes, [RESOURCES_FIELD, ...own.map(toStored)]);
        }),
      );
    },
  };
}

function toStored({ cpuPercent, memoryBytes, samples }: RequestResources): string {
  const stored: StoredResources = { cpuPercent, memoryBytes, samples };
  return JSON.stringify(stored);
}
