import { useEffect, useState } from 'preact/hooks';

import { useApp } from '../app-context.ts';

/** What is asked ten times a second. Renders when the answer changes, not when it is asked. */
export function useTicked<T extends boolean | number | null>(ask: () => T): T {
  const { ticker } = useApp().feed;
  const [, setAnswer] = useState(ask);
  useEffect(() => ticker.subscribe(() => setAnswer(ask)), [ticker, ask]);
  return ask();
}
