import { networkOf } from '@llm-monitor/runtime';

/** Wrong tokens that cost nothing: people mistype. */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 2000;
const MAX_WAIT_MS = 300_000;
/** So long after the last failure an address begins afresh. */
const FORGET_AFTER_MS = 900_000;
const MAX_ADDRESSES = 10_000;

interface Failures {
  count: number;
  lastAtMs: number;
}

/** Slows guessing down: each wrong token from an address doubles how long the next one has to wait. */
export interface LoginThrottle {
  /** ms until this address may try again; 0 when it may now */
  waitMs(address: string): number;
  failed(address: string): void;
  succeeded(address: string): void;
}

export function createLoginThrottle(now: () => number): LoginThrottle {
  const kept = new Map<string, Failures>();
  const read = (address: string): Failures | undefined => {
    const failures = kept.get(networkOf(address));
    return failures && now() - failures.lastAtMs < FORGET_AFTER_MS ? failures : undefined;
  };
  return {
    waitMs(address) {
      const failures = read(address);
      if (!failures || failures.count < FREE_FAILURES) return 0;
      const doublings = Math.min(failures.count - FREE_FAILURES, 20);
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** doublings, MAX_WAIT_MS);
      return Math.max(0, failures.lastAtMs + waitMs - now());
    },
    failed(address) {
      const count = (read(address)?.count ?? 0) + 1;
      const key = networkOf(address);
      // The one that failed longest ago goes first.
      kept.delete(key);
      kept.set(key, { count, lastAtMs: now() });
      const [oldest] = kept.keys();
      if (kept.size > MAX_ADDRESSES && oldest !== undefined) kept.delete(oldest);
    },
    succeeded(address) {
      kept.delete(networkOf(address));
    },
  };
}
