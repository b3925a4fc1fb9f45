import { useEffect, useRef, useState } from 'preact/hooks';

import { reasonOf } from './api.ts';

/** After so long what could not be read is asked for again. */
export const AGAIN_MS = 5000;

/** What the API said to a question, if it has said something. */
export interface Answer<T> {
  value: T | null;
  isLoading: boolean;
  fault: string | null;
  again(): void;
}

interface Known<T> {
  question: string;
  value: T | null;
  isLoading: boolean;
  fault: string | null;
}

/**
 * Asks, and asks again every `everyMs` (0: once) while the page can be seen, and soon where nobody could answer: what comes back is
 * there without a press. What was said before stays until there is something newer; another question begins anew.
 */
export function useAnswer<T>(
  question: string,
  everyMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Answer<T> {
  const [known, setKnown] = useState<Known<T>>({
    ...{ question, value: null, isLoading: true, fault: null },
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    const abort = new AbortController();
    let hasFailed = false;
    const read = () => {
      if (document.hidden) return;
      latest.current(abort.signal).then(
        (value) => {
          hasFailed = false;
          setKnown({ question, value, isLoading: false, fault: null });
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          hasFailed = true;
          const fault = reasonOf(error);
          setKnown((before) => ({ ...before, question, isLoading: false, fault }));
        },
      );
    };
    setKnown((before) => ({ ...before, isLoading: true }));
    read();
    const timer = everyMs > 0 ? setInterval(read, everyMs) : undefined;
    const tries = setInterval(() => hasFailed && read(), AGAIN_MS);
    document.addEventListener('visibilitychange', read);
    return () => {
      abort.abort();
      clearInterval(timer);
      clearInterval(tries);
      document.removeEventListener('visibilitychange', read);
    };
  }, [question, everyMs, turn]);
  return { ...known, again: () => setTurn((before) => before + 1) };
}
