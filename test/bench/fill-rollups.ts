import {
  COUNT_FIELDS,
  createKeys,
  durationField,
  firstTokenField,
  rollupMember,
} from '@llm-monitor/contracts/redis';
import type { Redis } from 'ioredis';

const MINUTE_MS = 60_000;
const MINUTES = 2500;
const ROWS_AT_ONCE = 2000;
const F = COUNT_FIELDS;

/** Writes as many rollups as collectors would of many models and apps: some calls in each of them, in the minutes up to now. */
export async function fillRollups(redis: Redis, count: number): Promise<void> {
  const keys = createKeys({ shards: 1 });
  const shard = keys.shard(0);
  await redis.set(keys.global.shards, 1);
  await redis.set(keys.global.epoch, 'bench');
  const last = Math.floor(Date.now() / MINUTE_MS);
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    const pipeline = redis.pipeline();
    for (let i = from; i < Math.min(count, from + ROWS_AT_ONCE); i++) {
      const combination = Math.floor(i / MINUTES);
      const member = rollupMember({
        ...{ model: `model-${combination % 20}:8b`, app: `app-${Math.floor(combination / 20)}` },
        ...{ host: 'gpu-1', demo: false },
      });
      const bucket = `m${last - (i % MINUTES)}` as const;
      pipeline.sadd(shard.rollupIndex(bucket), member);
      pipeline.hset(shard.rollup(bucket, member), {
        ...{ [F.started]: 3, [F.completed]: 3, [F.inputTokens]: 93, [F.outputTokens]: 120 },
        ...{ [F.inferences]: 3, [F.durationMs]: 6400, [F.firstTokens]: 3, [F.firstTokenMs]: 700 },
        ...{ [durationField(180)]: 1, [durationField(192)]: 2, [firstTokenField(120)]: 3 },
      });
    }
    await pipeline.exec();
  }
}
