import { defaultMaxListeners, getMaxListeners, setMaxListeners } from 'node:events';

/** A signal of one call that follows the app's own and can be aborted besides. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(): void;
  /** Stops following. */
  unlink(): void;
}

/** Lets a signal be shared by many calls without a warning, as the runtime's fetch does before it listens. */
export function allowManyListeners(signal: AbortSignal): void {
  try {
    if (getMaxListeners(signal) === defaultMaxListeners) setMaxListeners(0, signal);
  } catch {
    // A signal that is not the runtime's.
  }
}

export function linkAbort(source: AbortSignal | null | undefined): LinkedAbort {
  const own = new AbortController();
  // With the same reason, which is what the app gets to see.
  const follow = () => own.abort(source?.reason);
  if (source?.aborted) follow();
  else if (source) {
    allowManyListeners(source);
    source.addEventListener('abort', follow, { once: true });
  }
  return {
    signal: own.signal,
    abort: () => own.abort(),
    unlink: () => source?.removeEventListener('abort', follow),
  };
}
