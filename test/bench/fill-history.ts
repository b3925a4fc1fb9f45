import {
  BITS,
  createKeys,
  encodeRecord,
  HISTORY_PARTS,
  requestMember,
  shardOf,
  type RequestRecord,
} from '@llm-monitor/contracts/redis';
import type { Redis } from 'ioredis';

import { mulberry32 } from '../helpers/load.ts';

const SPAN_MS = 6 * 86_400_000;
const CALLS_AT_ONCE = 5000;

const WORDS =
  'why does the night sky look dark although there are so many stars please answer in short'.split(
    ' ',
  );

/** A call as an app with previews makes it: about 110 characters asked, 160 answered. */
function aRecord(i: number, count: number, endMs: number, random: () => number): RequestRecord {
  const endedAtMs = Math.round(endMs - SPAN_MS + (SPAN_MS * i) / count);
  const text = (words: number) =>
    Array.from({ length: words }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
  const durationMs = 200 + Math.floor(random() * 9000);
  const isFailed = random() < 0.02;
  return {
    ...{ id: `0192f8a1-${i.toString(16).padStart(8, '0')}-7c3e-b5d4`, app: `app-${i % 20}` },
    ...{ bits: BITS.start | BITS.firstToken | BITS.end, model: `model-${i % 5}:8b` },
    ...{ instance: `worker-${i % 40}`, host: 'gpu-1', provider: 'ollama', operation: 'chat' },
    ...{ stream: true, startedAtMs: endedAtMs - durationMs, endedAtMs, durationMs },
    ...{ serverAddress: '127.0.0.1', serverPort: 11_434, promptChars: 110, outputChars: 160 },
    ttftMs: 120,
    promptPreview: i === 0 ? 'the oldest needle of all' : text(20),
    responsePreview: text(30),
    outcome: isFailed ? 'error' : 'completed',
    chunks: 40,
    usage: { inputTokens: 31, outputTokens: 40, source: 'server' },
    ...(isFailed
      ? { error: { type: 'ResponseError', message: 'model runner has stopped', status: 500 } }
      : { finishReason: 'stop' }),
  };
}

/** The place of an end in the history: a part of an hour where more calls end in an hour than are packed in one list. */
function historyList(endedAtMs: number, count: number): number {
  const hour = endedAtMs / 3_600_000;
  return isParted(count) ? Math.floor(hour * HISTORY_PARTS) / HISTORY_PARTS : Math.floor(hour);
}
const isParted = (count: number) => (count * 3_600_000) / SPAN_MS > 1024;

/** Writes a history as collectors do: calls that ended over six days, the oldest of which has a word that no other has. */
export async function fillHistory(redis: Redis, count: number, hasTexts = true): Promise<void> {
  const keys = createKeys({ shards: 1 });
  const random = mulberry32(1);
  const endMs = Date.now();
  await redis.set(keys.global.shards, 1);
  await redis.set(keys.global.epoch, 'bench');
  for (let from = 0; from < count; from += CALLS_AT_ONCE) {
    const pipeline = redis.pipeline();
    for (let i = from; i < Math.min(count, from + CALLS_AT_ONCE); i++) {
      const record = aRecord(i, count, endMs, random);
      if (!hasTexts) {
        delete record.promptPreview;
        delete record.responsePreview;
      }
      const shard = keys.shard(shardOf(record.id, 1));
      const key = shard.request(record.app, record.id);
      const list = historyList(record.endedAtMs ?? 0, count);
      pipeline.hset(key, ...encodeRecord(record, 'short'));
      pipeline.expire(key, 7 * 86_400);
      pipeline.zadd(
        shard.history(list),
        record.endedAtMs ?? 0,
        requestMember(record.app, record.id),
      );
      if (i % 100 === 0) {
        const hour = Math.floor(list);
        pipeline.sadd(shard.historyHours, hour);
        if (isParted(count)) pipeline.zadd(shard.historyParted, hour, hour);
      }
      if (i < 20) pipeline.sadd(shard.apps, record.app);
    }
    await pipeline.exec();
  }
}
