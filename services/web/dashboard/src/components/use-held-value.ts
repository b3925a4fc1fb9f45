import { useRef } from 'preact/hooks';

/** The value, or while it is held the one from when that began. */
export function useHeldValue<T>(value: T, isHeld: boolean): T {
  const held = useRef(value);
  if (!isHeld) held.current = value;
  return held.current;
}
