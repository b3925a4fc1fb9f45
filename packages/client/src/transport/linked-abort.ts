/** A signal of one call that follows the app's own and can be aborted besides. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(): void;
  /** Stops following. */
  unlink(): void;
}

export function linkAbort(source: AbortSignal | null | undefined): LinkedAbort {
  const own = new AbortController();
  // With the same reason, which is what the app gets to see.
  const follow = () => own.abort(source?.reason);
  if (source?.aborted) follow();
  else source?.addEventListener('abort', follow, { once: true });
  return {
    signal: own.signal,
    abort: () => own.abort(),
    unlink: () => source?.removeEventListener('abort', follow),
  };
}
