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

const ONCE = { once: true };

class Link implements LinkedAbort {
  readonly signal: AbortSignal;
  private readonly own: AbortController;
  private readonly source: AbortSignal | undefined;
  private readonly follow: (() => void) | undefined;

  constructor(source: AbortSignal | null | undefined, options: LinkOptions) {
    const own = new AbortController();
    this.own = own;
    this.signal = own.signal;
    if (!source || source.aborted) {
      if (source) own.abort(source.reason);
      this.source = undefined;
      this.follow = undefined;
      return;
    }
    const { isOwn, onAbort } = options;
    if (!isOwn) allowManyListeners(source);
    this.source = source;
    this.follow = () => {
      onAbort?.();
      // With the same reason, which is what the app gets to see.
      own.abort(source.reason);
    };
    source.addEventListener('abort', this.follow, ONCE);
  }

  abort(): void {
    this.own.abort();
  }

  unlink(): void {
    if (this.follow) this.source?.removeEventListener('abort', this.follow);
  }
}

/** How a signal is followed. */
interface LinkOptions {
  /** Nobody but the maker of one call knows the source. */
  isOwn?: boolean | undefined;
  /** Hears that the source aborts before the signal that follows it does. */
  onAbort?: (() => void) | undefined;
}

export function linkAbort(
  source: AbortSignal | null | undefined,
  options: LinkOptions = {},
): LinkedAbort {
  return new Link(source, options);
}
