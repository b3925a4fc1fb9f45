// By registered symbols, since all copies of this package in a process share it: a program may load it as ESM and as CommonJS, and
// `register` beside both. On the signals themselves: a set of them all costs the collector more than the call.
const TRACKED = Symbol.for('@llm-monitor/client:tracked');
const PASSING = Symbol.for('@llm-monitor/client:passing');
const passing = ((globalThis as unknown as Record<symbol, Set<object> | undefined>)[PASSING] ??=
  new Set<object>());

/** A request that is followed already, by a signal that is ours: who wraps a fetch that is wrapped must not count it twice. */
export function markTracked(signal: AbortSignal): void {
  (signal as { [TRACKED]?: true })[TRACKED] = true;
}

export function isTracked(init: RequestInit | undefined): boolean {
  if (!init) return false;
  const { signal } = init;
  return passing.has(init) || (signal != null && TRACKED in signal);
}

/** Marks the app's own init only while `run` runs: an app may use one for many requests. */
export function trackedWhile<T>(init: object | undefined, run: () => T): T {
  if (!init || passing.has(init)) return run();
  passing.add(init);
  try {
    return run();
  } finally {
    passing.delete(init);
  }
}
