import type { CallKey } from '@llm-monitor/contracts/live';

import type { Store } from '../store/store.ts';
import type { LiveState } from './live-state.ts';
import type { Ticker } from './ticker.ts';

const SAMPLE_MS = 500;
/** Rates that a row's line is drawn of. */
export const SPARK_POINTS = 30;
/** A stream that has been silent for so long looks stopped. */
export const STOPPED_AFTER_SECONDS = 10;

interface Watched {
  tokens: number;
  /** when the last one came, monotonic ms */
  tokenAtMs: number;
  rates: (number | null)[];
}

/** Remembers of each running call how fast it was, and when its last token came. */
export interface TokenWatch {
  /** tokens/s of the last moments, oldest first */
  ratesOf(key: CallKey): readonly (number | null)[];
  /** Seconds since the last token, as far as this page has seen; null before the first one. */
  silentSeconds(key: CallKey): number | null;
}

interface TokenWatchOptions {
  live: Store<LiveState | null>;
  ticker: Ticker;
  monotonicMs: () => number;
  /** Nothing is heard, or nothing shown: then silence says nothing of a call. */
  isStill: () => boolean;
}

export function createTokenWatch(options: TokenWatchOptions): TokenWatch {
  const { live, ticker, monotonicMs, isStill } = options;
  let watched = new Map<CallKey, Watched>();
  let sampledAtMs = -Infinity;
  let stillMs = 0;

  const sample = () => {
    const nowMs = monotonicMs();
    if (nowMs - sampledAtMs < SAMPLE_MS) return;
    if (isStill()) stillMs += Math.min(nowMs - sampledAtMs, nowMs);
    sampledAtMs = nowMs;
    if (isStill()) return;
    const next = new Map<CallKey, Watched>();
    for (const [key, call] of live.get()?.active ?? []) {
      if (call.phase !== 'generating') continue;
      const { tokens_generated: tokens, tokens_per_second: rate } = call;
      const known = watched.get(key) ?? { tokens, tokenAtMs: nowMs - stillMs, rates: [] };
      const isNew = tokens !== known.tokens;
      next.set(key, {
        tokens,
        tokenAtMs: isNew ? nowMs - stillMs : known.tokenAtMs,
        rates: [...known.rates, rate].slice(-SPARK_POINTS),
      });
    }
    watched = next;
  };
  ticker.subscribe(sample);
  return {
    ratesOf: (key) => watched.get(key)?.rates ?? [],
    silentSeconds(key) {
      const known = watched.get(key);
      return known ? Math.max(0, (sampledAtMs - stillMs - known.tokenAtMs) / 1000) : null;
    },
  };
}
