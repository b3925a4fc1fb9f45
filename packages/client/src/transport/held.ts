import type { OpenCall } from './open-call.ts';

/** What is held for a call. */
export interface Held<T extends object> {
  /** Undefined once the app has dropped it. */
  get(): T | undefined;
}

class Hold<T extends object> implements Held<T> {
  private strong: T | undefined;
  private weak: WeakRef<T> | undefined;

  constructor(value: T) {
    this.strong = value;
    this.weak = undefined;
  }

  aged(): void {
    if (this.strong) this.weak = new WeakRef(this.strong);
    this.strong = undefined;
  }

  get(): T | undefined {
    return this.strong ?? this.weak?.deref();
  }
}

/**
 * Holds `value` for a call: at first strongly, from when the call has lasted a while only weakly, so that what the app drops can be
 * collected. Most calls of a busy program have ended by then, and weak references keep what they name alive longer than the call.
 */
export function held<T extends object>(value: T, call: Pick<OpenCall, 'onAged'>): Held<T> {
  const hold = new Hold(value);
  call.onAged(hold);
  return hold;
}
