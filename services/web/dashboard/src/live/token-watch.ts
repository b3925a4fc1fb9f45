import { callKey, type CallKey, type LiveState } from '@llm-monitor/contracts/live';
import type { ActiveRequest } from '@llm-monitor/contracts/rest';

import type { Store } from '../store/store.ts';
import type { Ticker } from './ticker.ts';

const SAMPLE_MS = 500;
/** Rates that a row's line is drawn of. */
export const SPARK_POINTS = 30;
/** A stream that has been silent for so long looks stopped. */
export const STOPPED_AFTER_SECONDS = 10;
/** A rate that was told holds for so long, and for so many of the pauses that it stands for. */
const HOLDS_SECONDS = 3;
const HOLDS_PAUSES = 5;

interface Watched {
  tokens: number;
  /** when the last one came, monotonic ms */
  tokenAtMs: number;
  /** what the server said of that when it was last asked: a snapshot knows better than a page that was just loaded */
  toldAt: string | null;
  rates: (number | null)[];
}

/** Remembers of each running call how fast it was, and when its last token came. */
export interface TokenWatch {
  /** tokens/s of the last moments, oldest first */
  ratesOf(key: CallKey): readonly (number | null)[];
  /** Seconds since the last token, by what the server knew and this page has seen; null before the first one. */
  silentSeconds(key: CallKey): number | null;
  /** tokens/s now: what was told last, but 0 once no token came for longer than that lets expect. */
  rateOf(call: ActiveRequest): number | null;
}

interface TokenWatchOptions {
  live: Store<LiveState | null>;
  ticker: Ticker;
  monotonicMs: () => number;
  /** ms since 1970 by the server's clock; null before it was heard */
  serverMs: () => number | null;
  /** Nothing is heard, or nothing shown: then silence says nothing of a call. */
  isStill: () => boolean;
}

export function createTokenWatch(options: TokenWatchOptions): TokenWatch {
  const { live, ticker, monotonicMs, serverMs, isStill } = options;
  let watched = new Map<CallKey, Watched>();
  let sampledAtMs = -Infinity;
  let stillMs = 0;

  /** How long a call had been silent, by what the server says of it. */
  const silenceBy = (toldAt: string | null): number => {
    const now = serverMs();
    return toldAt === null || now === null ? 0 : Math.max(0, now - Date.parse(toldAt));
  };
  const silentSeconds = (key: CallKey) => {
    const known = watched.get(key);
    return known ? Math.max(0, (sampledAtMs - stillMs - known.tokenAtMs) / 1000) : null;
  };
  const rateOf = (call: ActiveRequest) => {
    const { tokens_per_second: rate } = call;
    if (rate === null) return null;
    const silent = silentSeconds(callKey(call)) ?? 0;
    return silent > Math.max(HOLDS_SECONDS, HOLDS_PAUSES / rate) ? 0 : rate;
  };
  const sample = () => {
    const nowMs = monotonicMs();
    if (nowMs - sampledAtMs < SAMPLE_MS) return;
    if (isStill()) stillMs += Math.min(nowMs - sampledAtMs, nowMs);
    sampledAtMs = nowMs;
    if (isStill()) return;
    const next = new Map<CallKey, Watched>();
    for (const [key, call] of live.get()?.active ?? []) {
      if (call.phase !== 'generating') continue;
      const { tokens_generated: tokens, last_token_at: toldAt } = call;
      const known = watched.get(key);
      const silentMs =
        toldAt !== (known?.toldAt ?? null)
          ? silenceBy(toldAt)
          : tokens === known?.tokens
            ? null
            : 0;
      next.set(key, {
        ...{ tokens, toldAt },
        tokenAtMs: silentMs === null && known ? known.tokenAtMs : nowMs - stillMs - (silentMs ?? 0),
        rates: [...(known?.rates ?? []), rateOf(call)].slice(-SPARK_POINTS),
      });
    }
    watched = next;
  };
  ticker.subscribe(sample);
  return {
    ratesOf: (key) => watched.get(key)?.rates ?? [],
    silentSeconds,
    rateOf,
  };
}
