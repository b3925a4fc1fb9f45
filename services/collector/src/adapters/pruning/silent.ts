import type { Keys } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';

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
  /** One that is no longer named to the connectors. */
  bots: 7 * 24 * HOUR_MS,
} as const;

/** Forgets who has been silent for long. */
export async function forgetSilent(
  redis: StoreConnection,
  keys: Keys,
  nowMs: number,
): Promise<void> {
  for (const [name, keptMs] of Object.entries(KEPT_MS)) {
    const key = keys.global[name as keyof typeof KEPT_MS];
    const before = nowMs - keptMs;
    const silent = Object.entries(await redis.hgetall(key))
      .filter(([, json]) => (JSON.parse(json) as { seenAtMs: number }).seenAtMs < before)
      .map(([field]) => field);
    for (let i = 0; i < silent.length; i += FIELDS_AT_ONCE) {
      await redis.hdel(key, ...silent.slice(i, i + FIELDS_AT_ONCE));
    }
  }
}
