import { readFileSync } from 'node:fs';

import { shardOf, type Keys, type ShardKeys } from '@llm-monitor/contracts/redis';
import { createScript, type StoreConnection } from '@llm-monitor/runtime';

import type { Prior, Priors } from '../core/change.ts';
import { foldBatch } from '../core/fold.ts';
import type { RequestEvent } from '../core/parse-event.ts';
import { batchArguments, type ApplyOptions } from './batch-arguments.ts';
import { UnusableEventError } from './store-away.ts';

/** One request that is not where the fold expected it, as the script answers. */
type Elsewhere = [
  index: number,
  bits: number,
  provisionalStart: string,
  orphanedIn: string,
  endedAt: string,
  ttftKnown: number,
];

/** Another collector may change the same requests between two tries; nobody does so for ever. */
const MAX_TRIES = 100;

/** Keeps requests, rollups, history and the change feed. */
export interface RequestStore {
  /** Counts each event once, however often it is given. Rejects when Redis does not answer: then give the batch again. */
  apply(events: readonly RequestEvent[]): Promise<void>;
}

export function createRequestStore(
  redis: StoreConnection,
  keys: Keys,
  options: ApplyOptions,
): RequestStore {
  const script = createScript(
    redis,
    readFileSync(new URL('./apply-batch.lua', import.meta.url), 'utf8'),
  );

  const prepare = (shard: ShardKeys, events: readonly RequestEvent[], priors: Priors) => {
    try {
      const change = foldBatch(events, priors);
      return { change, ...batchArguments(shard, change, options) };
    } catch (cause) {
      throw new UnusableEventError(`it cannot be counted: ${(cause as Error).message}`, { cause });
    }
  };

  const applyShard = async (shard: ShardKeys, events: readonly RequestEvent[]) => {
    const priors = new Map<string, Prior>();
    for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
      const { change, keys: names, args } = prepare(shard, events, priors);
      if (change.requests.length === 0) return;
      const elsewhere = (await script.run(names, args)) as Elsewhere[];
      if (elsewhere.length === 0) return;
      for (const [index, bits, provisionalStart, orphanedIn, endedAt, ttftKnown] of elsewhere) {
        const request = change.requests[index];
        if (!request) throw new RangeError(`the script answered for request ${index}`);
        priors.set(request.member, {
          bits,
          provisionalStart: provisionalStart || undefined,
          orphanedIn: orphanedIn || undefined,
          endedAtMs: endedAt === '' ? undefined : Number(endedAt),
          ttftKnown: ttftKnown === 1,
        });
      }
    }
    throw new Error(`a batch of ${events.length} events found no rest in ${MAX_TRIES} tries`);
  };

  return {
    async apply(events) {
      const byShard = new Map<number, RequestEvent[]>();
      for (const event of events) {
        const index = shardOf(event.id, keys.shards);
        const list = byShard.get(index);
        if (list) list.push(event);
        else byShard.set(index, [event]);
      }
      await Promise.all([...byShard].map(([index, list]) => applyShard(keys.shard(index), list)));
    },
  };
}
