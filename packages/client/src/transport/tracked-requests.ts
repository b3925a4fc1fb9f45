// By a registered symbol, since all copies of this package in a process share it: a program may load it as ESM and as CommonJS, and
// `register` beside both. A set of what is on its way now alone, not of all signals: that costs the collector more than the call. Nor a mark
// on the signals: in Node 20 each is an object of a shape of its own, so that marking one and looking for the mark took 2 µs.
const PASSING = Symbol.for('@llm-monitor/client:passing');
const passing = ((globalThis as unknown as Record<symbol, Set<object> | undefined>)[PASSING] ??=
  new Set<object>());

/** Is this request followed already? Who wraps a fetch that is wrapped must not count it twice. */
export function isTracked(init: RequestInit | undefined): boolean {
  if (!init) return false;
  const { signal } = init;
  return passing.has(init) || (signal != null && passing.has(signal));
}

/** A request with a signal that is ours is followed until it is answered, whatever asks for it below: call `untrack` then. */
export function track(signal: AbortSignal): void {
  passing.add(signal);
}

export function untrack(signal: AbortSignal): void {
  passing.delete(signal);
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
