import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Cancellations } from './calls/cancellations.ts';
import type { LiveFeed } from './live/live-feed.ts';
import type { TileHistory } from './live/tile-history.ts';
import type { Preferences } from './preferences/preferences.ts';
import type { Api } from './rest/api.ts';
import type { Route } from './routing/route.ts';
import type { Router } from './routing/router.ts';
import type { Store } from './store/store.ts';
import { useStore } from './store/use-store.ts';

/** What every view may use. */
export interface AppContext {
  api: Api;
  cancellations: Cancellations;
  feed: LiveFeed;
  /** Whether the list of keys is shown. */
  keyHelp: Store<boolean>;
  tiles: TileHistory;
  preferences: Store<Preferences>;
  router: Router;
}

const Context = createContext<AppContext | null>(null);
export const AppContextProvider = Context.Provider;

export function useApp(): AppContext {
  const app = useContext(Context);
  if (!app) throw new Error('This view stands outside of the app.');
  return app;
}

export function useRoute(): Route {
  return useStore(useApp().router.route, (route) => route);
}
