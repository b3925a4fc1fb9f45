import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

const OVERSCAN = 6;

export interface RowWindow {
  scroller: RefObject<HTMLDivElement | null>;
  /** index of the first row to draw, and of the one after the last */
  first: number;
  end: number;
  /** px that stand for the rows left out */
  before: number;
  after: number;
}

/** Which of many rows of one height can be seen. Only those are in the page. */
export function useRowWindow(count: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800, rowHeight: 40 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      const row = element.querySelector<HTMLElement>('[data-row]');
      setView((before) => {
        const rowHeight = row?.offsetHeight || before.rowHeight;
        const after = { top: element.scrollTop, height: element.clientHeight, rowHeight };
        const isSame =
          Math.floor(after.top / rowHeight) === Math.floor(before.top / rowHeight) &&
          after.height === before.height &&
          rowHeight === before.rowHeight;
        return isSame ? before : after;
      });
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      observer.disconnect();
    };
  }, [count > 0]);
  const seen = Math.ceil(view.height / view.rowHeight);
  const top = Math.floor(view.top / view.rowHeight);
  const first = Math.max(0, Math.min(top - OVERSCAN, count - seen));
  const end = Math.min(count, top + seen + OVERSCAN);
  return {
    scroller,
    first,
    end,
    before: first * view.rowHeight,
    after: (count - end) * view.rowHeight,
  };
}
