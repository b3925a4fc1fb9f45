import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { useEffect, useRef, useState } from 'preact/hooks';

import { useApp } from '../../app-context.ts';
import { AGAIN_MS } from '../../rest/use-answer.ts';
import { reasonOf } from '../../rest/api.ts';

const PAGE_SIZE = 100;
/** A search through a long history goes on by itself so often; then it asks. */
const SEARCHES = 20;

/** The calls that were found so far. */
export interface FoundCalls {
  calls: readonly EndedRequest[];
  isLoading: boolean;
  /** Older ones may be found. */
  hasMore: boolean;
  fault: string | null;
  /** Reads on, or once more what could not be read. */
  more(): void;
}

interface Found {
  /** what `calls` fit */
  query: string | null;
  calls: readonly EndedRequest[];
  cursor: string | null;
  isLoading: boolean;
  fault: string | null;
  /** Nothing of the latest turn has come: `calls` are those of the turn before. */
  isOld: boolean;
}

const NOTHING: Found = {
  ...{ query: null, calls: [], cursor: null },
  ...{ isLoading: true, fault: null, isOld: false },
};

/** Reads ended calls page by page. Another query, or another turn, begins anew; what was found before stays until then. */
export function useCalls(query: string, turn: number): FoundCalls {
  const { api } = useApp();
  const [found, setFound] = useState<Found>(NOTHING);
  const abort = useRef(new AbortController());

  const read = async (before: Found) => {
    const { signal } = abort.current;
    const wanted = before.calls.length + PAGE_SIZE;
    let { calls, cursor } = before;
    let hasAnswer = before.query !== null;
    const tell = (isLoading: boolean) =>
      setFound({ query, calls, cursor, isLoading, fault: null, isOld: false });
    try {
      for (let i = 0; i < SEARCHES && calls.length < wanted; i += 1) {
        const parameters = new URLSearchParams(query);
        parameters.set('limit', String(wanted - calls.length));
        if (cursor !== null) parameters.set('cursor', cursor);
        const page = await api.readCalls(parameters.toString(), signal);
        hasAnswer = true;
        calls = [...calls, ...page.calls];
        cursor = page.cursor;
        if (cursor === null) break;
        tell(true);
      }
      tell(false);
    } catch (error) {
      if (signal.aborted) return;
      const fault = reasonOf(error);
      setFound((shown) =>
        hasAnswer || shown.query === query
          ? { ...shown, isLoading: false, fault, isOld: !hasAnswer }
          : { ...NOTHING, isLoading: false, fault, isOld: true },
      );
    }
  };

  useEffect(() => {
    abort.current = new AbortController();
    setFound((before) => ({ ...before, isLoading: true, fault: null }));
    void read(NOTHING);
    return () => abort.current.abort();
  }, [query, turn]);

  const more = () => {
    if (found.isLoading) return;
    setFound({ ...found, isLoading: true });
    void read(found.isOld ? NOTHING : found);
  };
  useEffect(() => {
    if (found.fault === null) return undefined;
    const timer = setTimeout(more, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [found]);

  return {
    calls: found.calls,
    isLoading: found.isLoading,
    hasMore: found.cursor !== null,
    fault: found.fault,
    more,
  };
}
