import { begunBetween, type LiveState } from '@llm-monitor/contracts/live';

import { basePath } from '../routing/base-path.ts';
import { createStore, type Store } from '../store/store.ts';
import {
  freshnessOf,
  NOT_CONNECTED,
  STALE_AFTER_MS,
  type Connection,
  type Freshness,
} from './connection.ts';
import { createFramePacer } from './frame-pacer.ts';
import { createLiveClient } from './live-client.ts';
import { createPausable } from './pausable.ts';
import { createServerClock } from './server-clock.ts';
import { createTicker, type Ticker } from './ticker.ts';
import { createTokenWatch, type TokenWatch } from './token-watch.ts';

/** All that views need of the live data: what is known, how fresh it is, what time it is at the server. */
export interface LiveFeed {
  live: Store<LiveState | null>;
  connection: Store<Connection>;
  freshness: Store<Freshness>;
  /** Stands still by the reader's wish; what comes meanwhile is kept. */
  isPaused: Store<boolean>;
  togglePause(): void;
  /** Calls that began while the view stands still. */
  begunMeanwhile(): number;
  tokens: TokenWatch;
  ticker: Ticker;
  monotonicMs(): number;
  /** The server's time for running texts, ms; it stands still while the server is silent. */
  shownTimeMs(): number | null;
  clockSkewMs(): number;
  retryNow(): void;
}

/** Connects the page to its server, for as long as the page lives. */
export function openLiveFeed(window: Window, demo: boolean): LiveFeed {
  const monotonicMs = () => window.performance.now();
  const newest = createStore<LiveState | null>(null);
  const { shown: live, isPaused, toggle } = createPausable(newest);
  const connection = createStore(NOT_CONNECTED);
  const clock = createServerClock(monotonicMs);
  const ticker = createTicker();
  const { document } = window;
  const client = createLiveClient({
    url: window.location.origin,
    path: `${basePath()}/socket.io`,
    demo,
    live: newest,
    connection,
    clock,
    monotonicMs,
    random: Math.random,
    nextFrame: createFramePacer(window),
    lacksData: () =>
      window.fetch(`${basePath()}/ready`).then(
        ({ status }) => status === 503,
        () => false,
      ),
  });
  document.addEventListener('visibilitychange', () => client.setHidden(document.hidden));
  client.setHidden(document.hidden);
  window.addEventListener('online', () => client.retryNow());

  const freshness = createStore<Freshness>('connecting');
  const refresh = () => {
    const now = freshnessOf(connection.get(), monotonicMs());
    freshness.set(now === 'live' && isPaused.get() ? 'paused' : now);
  };
  connection.subscribe(refresh);
  ticker.subscribe(refresh);
  isPaused.subscribe(refresh);

  const serverMs = () => {
    const now = clock.now();
    const silentMs = monotonicMs() - (connection.get().heardAt ?? 0);
    return now === null ? null : now - Math.max(0, silentMs - STALE_AFTER_MS);
  };
  let pausedAtMs: number | null = null;

  return {
    live,
    connection,
    freshness,
    ticker,
    monotonicMs,
    retryNow: client.retryNow,
    clockSkewMs: () => clock.skewMs(Date.now()),
    shownTimeMs: () => (isPaused.get() ? pausedAtMs : serverMs()),
    isPaused,
    togglePause() {
      if (newest.get() === null) return;
      pausedAtMs = serverMs();
      toggle();
    },
    begunMeanwhile: () => begunBetween(live.get(), newest.get()),
    tokens: createTokenWatch({
      live,
      ticker,
      monotonicMs,
      serverMs: clock.now,
      isStill: () => freshness.get() !== 'live',
    }),
  };
}
