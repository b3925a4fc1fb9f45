import { AsyncLocalStorage } from 'node:async_hooks';

/** What the calls of a part of a program belong to. */
export interface CallScope {
  /** Calls that share it are shown as one session. At most 256 characters. */
  sessionId?: string;
  /** On whose behalf. At most 256 characters. */
  userId?: string;
  /** Labels, added to those of the monitor and of the scopes around. */
  tags?: readonly string[];
  /** W3C trace context. By default the one in the call's headers, else OpenTelemetry's active span. */
  traceparent?: string;
}

// Made when it is first needed: while one exists, every promise of the process costs a little more.
let storage: AsyncLocalStorage<CallScope> | undefined;

/**
 * Runs `run`, and every LLM call that it makes, also later and in what it awaits, carries `scope`. Scopes nest.
 * Gives back what `run` does, and throws what it throws.
 */
export function withContext<T>(scope: CallScope, run: () => T): T {
  storage ??= new AsyncLocalStorage();
  return storage.run(merged(storage.getStore(), clean(scope)), run);
}

/** The scope that the caller runs in. */
export function currentScope(): CallScope | undefined {
  return storage?.getStore();
}

function merged(outer: CallScope | undefined, inner: CallScope): CallScope {
  const tags = [...(outer?.tags ?? []), ...(inner.tags ?? [])];
  return { ...outer, ...inner, ...(tags.length > 0 ? { tags } : {}) };
}

/** Whatever else was passed must not spoil an event. */
function clean(scope: CallScope): CallScope {
  const given = (scope ?? {}) as Record<string, unknown>;
  const kept: CallScope = {};
  for (const name of ['sessionId', 'userId', 'traceparent'] as const) {
    const value = given[name];
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && text !== '')
      kept[name] = text.slice(0, name === 'traceparent' ? 128 : 256);
  }
  if (Array.isArray(given['tags'])) {
    const tags = given['tags'].filter((tag) => typeof tag === 'string' && tag !== '');
    kept.tags = tags.map((tag: string) => tag.slice(0, 256)).slice(0, 32);
  }
  return kept;
}
