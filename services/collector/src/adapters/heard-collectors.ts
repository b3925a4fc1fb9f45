import type { Keys, StoredCollector } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';

/** Collectors say every 2 s that they work. One that was silent for longer holds nothing any more. */
const HEARD_MS = 10_000;

export async function isAnyCollectorHeard(
  redis: StoreConnection,
  keys: Keys,
  nowMs: number,
): Promise<boolean> {
  const reports = await redis.hvals(keys.global.collectors);
  return reports.some((text) => {
    const { seenAtMs } = JSON.parse(text) as StoredCollector;
    return nowMs - seenAtMs < HEARD_MS;
  });
}
