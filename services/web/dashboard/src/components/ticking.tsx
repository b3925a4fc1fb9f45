import { useLayoutEffect, useRef } from 'preact/hooks';

import { useApp } from '../app-context.ts';

/**
 * A text that runs by itself. It is written into its element by the common ticker, past the renderer: ten times a second in each
 * row would otherwise render the page ten times a second.
 */
export function Ticking({ text, class: className }: { text: () => string; class?: string }) {
  const { ticker } = useApp().feed;
  const element = useRef<HTMLSpanElement>(null);
  const latest = useRef(text);
  latest.current = text;
  useLayoutEffect(() => {
    const write = () => {
      const now = latest.current();
      if (element.current && element.current.textContent !== now) element.current.textContent = now;
    };
    write();
    return ticker.subscribe(write);
  }, [ticker]);
  return <span ref={element} class={className} />;
}
