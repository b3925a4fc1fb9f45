import { randomUUID } from 'node:crypto';

import type { FeedOp } from '@llm-monitor/contracts/live';
import { BITS, shardOf, type Keys } from '@llm-monitor/contracts/redis';
import { toActiveRequest, toEndedRequest } from '@llm-monitor/contracts/rest';
import type { Redis } from 'ioredis';

/** Writes changes into the feed as a collector does, without the state behind them. */
export interface FeedWriter {
  start(call?: { id?: string; demo?: boolean }): Promise<string>;
  first(id: string): Promise<void>;
  /** Many starts in one entry of the first shard, each with a prompt of so many characters. */
  startMany(options: { calls: number; promptChars: number }): Promise<string[]>;
  end(id: string, call?: { demo?: boolean }): Promise<void>;
}

/** The app that all calls of a feed writer belong to. */
export const FEED_APP = 'feed-app';

export function createFeedWriter(redis: Redis, keys: Keys): FeedWriter {
  const record = (id: string, demo: boolean) => ({
    ...{ id, app: FEED_APP, model: 'llama3.2:3b', bits: BITS.start, startedAtMs: Date.now(), demo },
  });
  const write = async (id: string, op: FeedOp) => {
    const { feed } = keys.shard(shardOf(id, keys.shards));
    await redis.xadd(feed, '*', 'ops', JSON.stringify([op]));
  };
  return {
    async start({ id = randomUUID(), demo = false } = {}) {
      await write(id, ['start', toActiveRequest(record(id, demo), undefined, Date.now())]);
      return id;
    },
    async startMany({ calls, promptChars }) {
      const ids = Array.from({ length: calls }, () => randomUUID());
      const ops = ids.map((id): FeedOp => {
        const call = toActiveRequest(record(id, false), undefined, Date.now());
        return ['start', { ...call, prompt: 'x'.repeat(promptChars) }];
      });
      await redis.xadd(keys.shard(0).feed, '*', 'ops', JSON.stringify(ops));
      return ids;
    },
    first: (id) => write(id, ['first', `${id}:${FEED_APP}`, 0.25]),
    end: (id, { demo = false } = {}) =>
      write(id, [
        'end',
        toEndedRequest({
          ...record(id, demo),
          bits: BITS.start | BITS.end,
          outcome: 'completed',
          endedAtMs: Date.now(),
          durationMs: 1000,
        }),
      ]),
  };
}
