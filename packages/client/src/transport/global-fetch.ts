import type { Fetch } from './instrument-fetch.ts';

// By a registered symbol, since `register` and the app may load two copies of this package.
const INNER = Symbol.for('@llm-monitor/client:inner');

/** The fetch inside one that `register` has put in its place; any other is itself. */
export function unwrapped(fetch: Fetch): Fetch {
  return (fetch as { [INNER]?: Fetch })[INNER] ?? fetch;
}

/**
 * Puts `watch(fetch)` in the place of the global fetch. To the app it is the same: its name, its length, how it is defined.
 * Does nothing when it is in place already.
 */
export function replaceGlobalFetch(watch: (inner: Fetch) => Fetch): void {
  const inner = globalThis.fetch;
  if (unwrapped(inner) !== inner) return;
  const watched = watch(inner);
  Object.defineProperties(watched, {
    name: { value: inner.name, configurable: true },
    length: { value: inner.length, configurable: true },
    [INNER]: { value: inner },
  });
  const before = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  Object.defineProperty(globalThis, 'fetch', {
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? true,
    value: watched,
  });
}
