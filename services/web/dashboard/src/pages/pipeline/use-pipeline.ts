import type { Pipeline } from '@llm-monitor/contracts/rest';
import { useEffect, useState } from 'preact/hooks';

import { useApp } from '../../app-context.ts';

const EVERY_MS = 2000;

/** What the API says of the pipeline, again and again while somebody looks. `fault` says why there is nothing newer. */
export function usePipeline(): { pipeline: Pipeline | null; fault: string | null } {
  const { api } = useApp();
  const [state, setState] = useState<{ pipeline: Pipeline | null; fault: string | null }>({
    pipeline: null,
    fault: null,
  });
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      try {
        if (!document.hidden) {
          setState({ pipeline: await api.readPipeline(abort.signal), fault: null });
        }
      } catch (error) {
        if (abort.signal.aborted) return;
        const fault = error instanceof Error ? error.message : String(error);
        setState((before) => ({ ...before, fault }));
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, []);
  return state;
}
