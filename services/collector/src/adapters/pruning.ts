import type { Keys } from '@llm-monitor/contracts/redis';
import type { Logger } from '@llm-monitor/runtime';
import type { Redis } from 'ioredis';

const INTERVAL_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/** Forgets instances and collectors that have been silent for a day: each program that starts has a new name. */
export function startPruning(options: { redis: Redis; keys: Keys; nowMs(): number; log: Logger }): {
  stop(): void;
} {
  const { redis, keys, log } = options;
  const prune = async () => {
    const before = options.nowMs() - DAY_MS;
    for (const key of [keys.global.instances, keys.global.collectors]) {
      for (const [field, json] of Object.entries(await redis.hgetall(key))) {
        const { seenAtMs } = JSON.parse(json) as { seenAtMs: number };
        if (seenAtMs < before) await redis.hdel(key, field);
      }
    }
  };
  const timer = setInterval(() => {
    prune().catch((err: Error) => log.debug({ err }, 'the pruning ended early; the next goes on'));
  }, INTERVAL_MS);
  return { stop: () => clearInterval(timer) };
}
