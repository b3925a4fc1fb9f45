import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { LiveFeed } from './live/live-feed.ts';
import type { Preferences } from './preferences/preferences.ts';
import type { Route } from './routing/route.ts';
import type { Store } from './store/store.ts';

/** What every view may use. */
export interface AppContext {
  feed: LiveFeed;
  preferences: Store<Preferences>;
  route: Route;
}

const Context = createContext<AppContext | null>(null);
export const AppContextProvider = Context.Provider;

export function useApp(): AppContext {
  const app = useContext(Context);
  if (!app) throw new Error('This view stands outside of the app.');
  return app;
}
