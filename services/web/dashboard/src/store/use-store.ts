import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Store } from './store.ts';

/** The part of a store that a view needs; it renders again only when that part is replaced. */
export function useStore<T, Part>(store: Store<T>, select: (value: T) => Part): Part {
  const [, redraw] = useState({});
  const part = select(store.get());
  const shown = useRef({ part, select });
  shown.current = { part, select };
  useLayoutEffect(() => {
    const check = () => {
      const { part: before, select: current } = shown.current;
      if (!Object.is(current(store.get()), before)) redraw({});
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return part;
}
