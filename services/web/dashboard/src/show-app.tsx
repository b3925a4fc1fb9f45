import type { LiveState } from '@llm-monitor/contracts/live';
import type { AnyRequest } from '@llm-monitor/contracts/rest';
import { render } from 'preact';

import { App } from './app.tsx';
import { createCancellations } from './calls/cancellations.ts';
import { NOT_CONNECTED, type Freshness } from './live/connection.ts';
import type { LiveFeed } from './live/live-feed.ts';
import { createTicker } from './live/ticker.ts';
import { createPreferences } from './preferences/preferences.ts';
import { ApiError, type Api, type CallPage } from './rest/api.ts';
import { createRouter } from './routing/router.ts';
import { createStore } from './store/store.ts';

// Material for tests: the whole page over given data.

export const START = Date.UTC(2026, 4, 1, 10);

interface Shown {
  address?: string;
  freshness?: Freshness;
  /** what the API keeps */
  kept?: AnyRequest;
  /** the ended calls that the API finds; by default those that are live */
  found?: CallPage;
  /** what the API answers to a cancel */
  onCancel?: Api['cancelRequest'];
}

export function showApp(state: LiveState | null, shown: Shown = {}) {
  const time = { ms: START + 12_400 };
  const feed: LiveFeed = {
    live: createStore(state),
    connection: createStore(NOT_CONNECTED),
    freshness: createStore<Freshness>(shown.freshness ?? 'live'),
    ticker: createTicker(),
    monotonicMs: () => time.ms - START,
    shownTimeMs: () => time.ms,
    clockSkewMs: () => 0,
    retryNow: () => undefined,
    isPaused: createStore(false),
    togglePause: () => undefined,
    begunMeanwhile: () => 0,
    tokens: {
      ratesOf: () => [],
      silentSeconds: () => null,
      rateOf: (call) => call.tokens_per_second,
    },
  };
  const nobody = () => Promise.reject(new ApiError(404, 'No such request'));
  const api: Api = {
    readRequest: () => (shown.kept ? Promise.resolve(shown.kept) : nobody()),
    cancelRequest: shown.onCancel ?? nobody,
    readCalls: () =>
      Promise.resolve(shown.found ?? { calls: [...(state?.recent ?? [])], cursor: null }),
    readTrends: nobody,
    readStats: nobody,
    readFacets: nobody,
    readBots: nobody,
    readBot: nobody,
    readPrices: nobody,
    writePrices: nobody,
    startDemo: nobody,
    stopDemo: nobody,
    readPipeline: nobody,
    readDeadLetters: nobody,
    retryDeadLetter: nobody,
    removeDeadLetter: nobody,
    deleteRequest: nobody,
  };
  window.history.replaceState(null, '', shown.address ?? '/');
  const router = createRouter(window);
  const preferences = createPreferences(window);
  const cancellations = createCancellations(api);
  render(
    <App
      {...{
        api,
        cancellations,
        feed,
        tiles: () => [],
        keyHelp: createStore(false),
        preferences,
        router,
      }}
    />,
    document.body,
  );
  return { feed, preferences, router, time };
}

export const all = (id: string) => [
  ...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`),
];
export const only = (id: string) => all(id)[0];
export const textOf = (id: string) => only(id)?.textContent?.replaceAll('\u00a0', ' ');
