import type { LiveState } from '@llm-monitor/contracts/live';
import type { AnyRequest, EndedRequest } from '@llm-monitor/contracts/rest';
import { useEffect, useState } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { ApiError, reasonOf } from '../rest/api.ts';
import { useStore } from '../store/use-store.ts';

/** What the agent measured of a call comes a little after its end. */
const AGAIN_AFTER_MS = 6000;

/** A call by its id: from live data while it is there, else as the API keeps it. */
export type KnownCall =
  | { state: 'known'; call: AnyRequest }
  | { state: 'looking' | 'missing' }
  | { state: 'fault'; reason: string };

export function useCall(id: string): KnownCall {
  const { api, feed } = useApp();
  const live = useStore(feed.live, (state) => state && liveCall(state, id));
  const [read, setRead] = useState<KnownCall>({ state: 'looking' });
  const ended = live !== null && live.status !== 'running' ? live : null;
  const endedAt = ended?.ended_at;
  // One that ran may have ended unseen: while the page was hidden or away so many ended that it is not among the last ones.
  const isGone = live === null;
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      api.readRequest(id, abort.signal).then(
        (call) => {
          if (abort.signal.aborted) return;
          setRead({ state: 'known', call });
          // Of another view, or beyond those that are told live: nobody else says when it ends.
          if (isGone && !isEnded(call)) timer = setTimeout(look, AGAIN_AFTER_MS);
        },
        (error: unknown) => {
          if (!abort.signal.aborted) setRead(faultOf(error));
        },
      );
    };
    look();
    // Once more, if it has just ended.
    const sinceEndMs = (feed.shownTimeMs() ?? Infinity) - Date.parse(endedAt ?? '');
    if (sinceEndMs < AGAIN_AFTER_MS) timer = setTimeout(look, AGAIN_AFTER_MS);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [id, endedAt, isGone]);
  const call = latestOf(live, read.state === 'known' ? read.call : null);
  return call ? { state: 'known', call } : read;
}

function liveCall({ active, recent }: LiveState, id: string): AnyRequest | null {
  for (const call of active.values()) if (call.id === id) return call;
  return recent.find((call) => call.id === id) ?? null;
}

/** An end beats what ran; of two ends the one that was read knows more, of two that run the live one is newer. */
export function latestOf(live: AnyRequest | null, read: AnyRequest | null): AnyRequest | null {
  if (read && isEnded(read)) return read;
  return live ?? read;
}

function isEnded(call: AnyRequest): call is EndedRequest {
  return call.status !== 'running';
}

function faultOf(error: unknown): KnownCall {
  if (error instanceof ApiError && error.status === 404) return { state: 'missing' };
  return { state: 'fault', reason: reasonOf(error) };
}
