import { useEffect, useRef, useState } from 'preact/hooks';

/** The latest value; while it is in a rush, at most every `everyMs`: nobody reads faster, and each change is drawn. */
export function useCalmValue<T>(value: T, isRushing: boolean, everyMs: number): T {
  const [, redraw] = useState({});
  const shown = useRef({ value, atMs: -Infinity });
  const nowMs = performance.now();
  const waitMs = isRushing ? shown.current.atMs + everyMs - nowMs : 0;
  if (value !== shown.current.value && waitMs <= 0) shown.current = { value, atMs: nowMs };
  const isBehind = value !== shown.current.value;
  useEffect(() => {
    if (!isBehind) return undefined;
    const timer = setTimeout(() => redraw({}), waitMs);
    return () => clearTimeout(timer);
  }, [isBehind]);
  return shown.current.value;
}
