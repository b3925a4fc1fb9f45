import type { Keys } from '@llm-monitor/contracts/redis';
import type { Logger, StoreConnection } from '@llm-monitor/runtime';

const INTERVAL_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const FIELDS_AT_ONCE = 1000;

/** Silent for longer: forgotten. Every program that starts has a new name, and readers go through all of them. */
const KEPT_MS = {
  /** Readers show them for a quarter of an hour. */
  instances: HOUR_MS,
  collectors: HOUR_MS,
  /** A container that is made anew has a new name too; a machine may be off for holidays. */
  hosts: 30 * 24 * HOUR_MS,
  models: 30 * 24 * HOUR_MS,
} as const;

/** Forgets what has been silent for long, at the start and now and then. */
export function startPruning(options: {
  redis: StoreConnection;
  keys: Keys;
  nowMs(): number;
  log: Logger;
}): {
  stop(): void;
} {
  const { redis, keys, log } = options;
  const prune = async () => {
    for (const [name, keptMs] of Object.entries(KEPT_MS)) {
      const key = keys.global[name as keyof typeof KEPT_MS];
      const before = options.nowMs() - keptMs;
      const silent = Object.entries(await redis.hgetall(key))
        .filter(([, json]) => (JSON.parse(json) as { seenAtMs: number }).seenAtMs < before)
        .map(([field]) => field);
      for (let i = 0; i < silent.length; i += FIELDS_AT_ONCE) {
        await redis.hdel(key, ...silent.slice(i, i + FIELDS_AT_ONCE));
      }
    }
  };
  const pruneOrLater = () => {
    prune().catch((err: Error) => log.debug({ err }, 'the pruning ended early; the next goes on'));
  };
  pruneOrLater();
  const timer = setInterval(pruneOrLater, INTERVAL_MS);
  return { stop: () => clearInterval(timer) };
}
