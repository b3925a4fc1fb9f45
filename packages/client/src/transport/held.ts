import type { OpenCall } from './open-call.ts';

/**
 * Holds `value` for a call: at first strongly, from when the call has lasted a while only weakly, so that what the app drops can be
 * collected. Most calls of a busy program have ended by then, and weak references keep what they name alive longer than the call.
 */
export function held<T extends object>(
  value: T,
  call: Pick<OpenCall, 'onAged'>,
): () => T | undefined {
  const hold: { strong: T | undefined; weak?: WeakRef<T> } = { strong: value };
  call.onAged(() => {
    if (hold.strong) hold.weak = new WeakRef(hold.strong);
    hold.strong = undefined;
  });
  return () => hold.strong ?? hold.weak?.deref();
}
