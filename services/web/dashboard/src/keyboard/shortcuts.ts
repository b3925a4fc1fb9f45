import type { Page } from '../routing/route.ts';

/** What a single key does. */
export type Action =
  | { kind: 'search' | 'next' | 'previous' | 'pause' | 'theme' | 'help' }
  | { kind: 'go'; page: Page };

/** Keys by themselves. */
export const KEYS: Readonly<Record<string, Action>> = {
  '/': { kind: 'search' },
  j: { kind: 'next' },
  k: { kind: 'previous' },
  ' ': { kind: 'pause' },
  t: { kind: 'theme' },
  '?': { kind: 'help' },
};

/** Keys behind a `g`. */
export const GO_KEYS: Readonly<Record<string, Page>> = {
  l: 'live',
  h: 'history',
  m: 'models',
  a: 'apps',
  o: 'hosts',
  b: 'bots',
  n: 'alerts',
  s: 'settings',
};

/** How long a `g` waits for its second key. */
const GO_WAIT_MS = 1500;

/** What keys mean, one after the other. */
export function createKeyReader(nowMs: () => number): (key: string) => Action | 'waiting' | null {
  let goUntilMs = -Infinity;
  return (key) => {
    if (nowMs() <= goUntilMs) {
      goUntilMs = -Infinity;
      const page = GO_KEYS[key];
      if (page) return { kind: 'go', page };
    }
    if (key !== 'g') return KEYS[key] ?? null;
    goUntilMs = nowMs() + GO_WAIT_MS;
    return 'waiting';
  };
}
