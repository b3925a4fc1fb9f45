import type { HostState } from './host-state.ts';

/** An agent that was not heard of for longer counts as away, and what it last said as unknown. */
export const HOST_FRESH_MS = 90_000;

export function isFresh(seenAtMs: number | undefined, nowMs: number): boolean {
  return seenAtMs !== undefined && nowMs - seenAtMs <= HOST_FRESH_MS;
}

/** When its agent was last heard of; ms since 1970. */
export function lastSeenMs({ host, models }: HostState): number {
  return Math.max(host?.seenAtMs ?? 0, models?.seenAtMs ?? 0);
}
