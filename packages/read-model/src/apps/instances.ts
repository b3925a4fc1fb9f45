import type { StoredInstance } from '@llm-monitor/contracts/redis';

import type { Store } from '../store.ts';

/** An instance beats every 10 s. One that was not heard of for longer has ended, or is cut off. */
export const INSTANCE_FRESH_MS = 35_000;

/** For so long after its last sign an instance, and what it had to give up, is still shown. */
export const INSTANCE_SHOWN_MS = 15 * 60_000;

/** One process of an app. */
export interface Instance extends StoredInstance {
  /** As its requests name it. */
  app: string;
}

/** Every process that was heard of in the last minutes. */
export async function readInstances(store: Store, nowMs: number): Promise<Instance[]> {
  const stored = await store.redis.hgetall(store.keys.global.instances);
  return Object.entries(stored).flatMap(([field, text]) => {
    const instance = JSON.parse(text) as StoredInstance;
    if (nowMs - instance.seenAtMs > INSTANCE_SHOWN_MS) return [];
    return { ...instance, app: field.slice(0, field.indexOf(':')) };
  });
}

export function isRunning({ seenAtMs, beat }: StoredInstance, nowMs: number): boolean {
  return nowMs - seenAtMs <= INSTANCE_FRESH_MS && !beat.stopping;
}

/** What instances had to give up, as they say themselves. */
export function sumDrops(instances: readonly StoredInstance[]): {
  dropped_events: number;
  dropped_requests: number;
} {
  const sum = { dropped_events: 0, dropped_requests: 0 };
  for (const { beat } of instances) {
    sum.dropped_events += beat.droppedEvents ?? 0;
    sum.dropped_requests += beat.droppedRequests ?? 0;
  }
  return sum;
}
