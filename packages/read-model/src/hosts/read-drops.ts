import type { StoredInstance } from '@llm-monitor/contracts/redis';

import type { Store } from '../store.ts';

/** An instance that was not heard of for longer has ended, or is cut off. */
export const INSTANCE_FRESH_MS = 35_000;

/** What the instances that run now had to give up, as they say themselves. */
export async function readDrops(
  store: Store,
  nowMs: number,
): Promise<{ dropped_events: number; dropped_requests: number }> {
  const sum = { dropped_events: 0, dropped_requests: 0 };
  for (const text of await store.redis.hvals(store.keys.global.instances)) {
    const { seenAtMs, beat } = JSON.parse(text) as StoredInstance;
    if (nowMs - seenAtMs > INSTANCE_FRESH_MS) continue;
    sum.dropped_events += beat.droppedEvents ?? 0;
    sum.dropped_requests += beat.droppedRequests ?? 0;
  }
  return sum;
}
