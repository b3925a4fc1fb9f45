import { useRef } from 'preact/hooks';

/** The largest value of the last while, so that a panel does not shrink under the eye with each call that ends. */
export function useHeldMaximum(value: number, least: number, heldMs: number): number {
  const held = useRef({ value: least, at: 0 });
  const now = performance.now();
  if (value >= held.current.value || now - held.current.at > heldMs) {
    held.current = { value: Math.max(value, least), at: now };
  }
  return held.current.value;
}
