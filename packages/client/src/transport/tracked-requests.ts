// Shared by all copies of this package in a process: a program may load it as ESM and as CommonJS, and `register` beside both.
const KEY = Symbol.for('@llm-monitor/client:tracked');
const tracked = ((globalThis as unknown as Record<symbol, WeakSet<object> | undefined>)[KEY] ??=
  new WeakSet<object>());

/** A request that is followed already, by its init or its signal: who wraps a fetch that is wrapped must not count it twice. */
export function markTracked(...parts: readonly (object | null | undefined)[]): void {
  for (const part of parts) if (part) tracked.add(part);
}

export function isTracked(...parts: readonly (object | null | undefined)[]): boolean {
  return parts.some((part) => part != null && tracked.has(part));
}

/** Marks the app's own init only while `run` runs: an app may use one for many requests. */
export function trackedWhile<T>(init: object | undefined, run: () => T): T {
  if (!init || tracked.has(init)) return run();
  tracked.add(init);
  try {
    return run();
  } finally {
    tracked.delete(init);
  }
}
