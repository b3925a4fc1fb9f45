import type { HostSampledData } from '@llm-monitor/contracts/events';
import type { Keys, StoredHost, StoredModels } from '@llm-monitor/contracts/redis';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

import { createSeeder, type SeededCall } from './seed-store.ts';
import { startApi, type RunningApi } from './start-api.ts';
import { startRedis, type RedisServer } from './start-redis.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** What time it is for the API at the beginning of each test. */
export const NOW = Date.UTC(2026, 4, 10, 12, 34, 20);

let serial = 0;
/** A call that ended then. */
export const aCallEndedAt = (endedAtMs: number, more: Partial<SeededCall> = {}): SeededCall => ({
  id: `request-${String(serial++).padStart(5, '0')}`,
  startedAtMs: endedAtMs - (more.durationMs ?? 1000),
  endedAtMs,
  ...more,
});

const sample: HostSampledData = {
  host: 'here',
  cpuPercent: 12.5,
  cpuCount: 8,
  memoryUsedBytes: 4e9,
  memoryTotalBytes: 16e9,
  uptimeSeconds: 3600,
  server: { provider: 'ollama', address: '127.0.0.1:11434', reachable: true, version: '0.9.0' },
};

/** A machine that was heard of then, and the models that its server lists; the first is in memory. */
export async function keepHost(
  on: { redis: Redis; keys: Keys },
  name: string,
  seenAtMs: number,
  models: string[],
) {
  const host: StoredHost = { seenAtMs, skewMs: 1500, sample: { ...sample, host: name } };
  const kept: StoredModels = {
    seenAtMs,
    list: {
      host: name,
      provider: 'ollama',
      serverAddress: '127.0.0.1:11434',
      models: models.map((model) => ({
        ...{ name: model, sizeBytes: 2e9, family: null, parameterSize: null, quantization: null },
      })),
      loaded: models.slice(0, 1).map((model) => ({
        ...{ name: model, sizeBytes: 3e9, vramBytes: 3e9, expiresAt: null, contextLength: 4096 },
      })),
    },
  };
  await on.redis.hset(on.keys.global.hosts, name, JSON.stringify(host));
  await on.redis.hset(on.keys.global.models, name, JSON.stringify(kept));
}

/** The API over an empty store, anew for each test. */
export interface FiguresApi {
  api: RunningApi;
  seeder: ReturnType<typeof createSeeder>;
  nowMs: number;
  /** Answers are shared for a moment of this clock. */
  elapsedMs: number;
  /** What the API answers, after all that was answered before has grown old. */
  get<T>(path: string): Promise<T>;
}

/** For the tests of a `describe`. */
export function useFiguresApi(shards: number): FiguresApi {
  let redis: RedisServer;
  const figures = { nowMs: NOW, elapsedMs: 0 } as FiguresApi;
  figures.get = async <T>(path: string): Promise<T> => {
    figures.elapsedMs += 10_000;
    const { status, body } = await figures.api.get(path);
    expect(status, JSON.stringify(body)).toBe(200);
    return body as T;
  };
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    figures.nowMs = NOW;
    figures.api = await startApi({
      ...{ redisUrl: redis.url, shards },
      ...{ now: () => figures.nowMs, elapsedMs: () => figures.elapsedMs },
    });
    figures.seeder = createSeeder(figures.api.redis, figures.api.keys);
    await figures.api.redis.flushall();
  });
  afterEach(() => figures.api.close());
  return figures;
}
