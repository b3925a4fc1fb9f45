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

/**
 * @param options.isOwn nobody but the maker of one call knows the source
 * @param options.onAbort hears that the source aborts before the signal that follows it does
 */
export function linkAbort(
  source: AbortSignal | null | undefined,
  options: { isOwn?: boolean; onAbort?: () => void } = {},
): LinkedAbort {
  const own = new AbortController();
  const follow = () => {
    options.onAbort?.();
    // With the same reason, which is what the app gets to see.
    own.abort(source?.reason);
  };
  if (source?.aborted) own.abort(source.reason);
  else if (source) {
    if (!options.isOwn) allowManyListeners(source);
    source.addEventListener('abort', follow, { once: true });
  }
  return {
    signal: own.signal,
    abort: () => own.abort(),
    unlink: () => source?.removeEventListener('abort', follow),
  };
}
