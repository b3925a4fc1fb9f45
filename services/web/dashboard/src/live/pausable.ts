import { createStore, type Store } from '../store/store.ts';

/** A view of a store that can stand still while the store goes on. */
export interface Pausable<T> {
  /** What is shown. */
  shown: Store<T>;
  isPaused: Store<boolean>;
  /** Stands still, or shows at once all that has come meanwhile. */
  toggle(): void;
}

export function createPausable<T>(source: Store<T>): Pausable<T> {
  const shown = createStore(source.get());
  const isPaused = createStore(false);
  source.subscribe(() => {
    if (!isPaused.get()) shown.set(source.get());
  });
  return {
    shown,
    isPaused,
    toggle() {
      isPaused.update((before) => !before);
      if (!isPaused.get()) shown.set(source.get());
    },
  };
}
