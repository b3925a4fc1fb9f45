import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** After a touch the click is still to come. */
const LINGER_MS = 600;
/** A pointer that was left lying there points at nothing. */
const IDLE_MS = 60_000;

/** Whether somebody points at something in there, or works in it by keyboard: then nothing in it may move. */
export function useHold(area: RefObject<HTMLElement | null>): boolean {
  const [isHeld, setHeld] = useState(false);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const letGo = () => setHeld(element.matches(':focus-within') && isByKeyboard(element));
    const letGoIn = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(letGo, ms);
    };
    const hold = () => {
      setHeld(true);
      letGoIn(IDLE_MS);
    };
    const leave = () => letGoIn(LINGER_MS);
    const holding = ['pointerenter', 'pointermove', 'pointerdown', 'focusin', 'keydown'];
    const leaving = ['pointerleave', 'focusout'];
    for (const event of holding) element.addEventListener(event, hold, { passive: true });
    for (const event of leaving) element.addEventListener(event, leave);
    return () => {
      clearTimeout(timer);
      for (const event of holding) element.removeEventListener(event, hold);
      for (const event of leaving) element.removeEventListener(event, leave);
    };
  }, [area]);
  return isHeld;
}

/** A mouse leaves the focus on what it clicked last: that alone holds nothing. */
function isByKeyboard(element: HTMLElement): boolean {
  return element.querySelector(':focus-visible') !== null;
}
