import { render } from 'preact';

import { App } from './app.tsx';
import { createCancellations } from './calls/cancellations.ts';
import { loadCatalogue } from './i18n/i18n.ts';
import { listenToKeys } from './keyboard/listen-to-keys.ts';
import { openLiveFeed } from './live/live-feed.ts';
import { createTileHistory } from './live/tile-history.ts';
import { createPreferences } from './preferences/preferences.ts';
import { createApi } from './rest/api.ts';
import { checkLogin, createOwnFetch } from './rest/own-fetch.ts';
import { createRouter } from './routing/router.ts';
import { createStore } from './store/store.ts';
import './styles/index.css';

const router = createRouter(window);
const feed = openLiveFeed(window, router.route.get().demo);
const tiles = createTileHistory(feed);
const preferences = createPreferences(window);
const ask = createOwnFetch(window);
const api = createApi(ask);
const cancellations = createCancellations(api);
let failures = 0;
feed.connection.subscribe(() => {
  const before = failures;
  ({ failures } = feed.connection.get());
  if (failures > before) void checkLogin(ask);
});
const app = {
  ...{ api, cancellations, feed, tiles, preferences, router, keyHelp: createStore(false) },
};
const root = document.getElementById('app');
const show = () => {
  if (root) render(<App {...app} />, root);
};
// Where the texts do not come the page is shown in English.
loadCatalogue(preferences.get().language).then(show, show);
listenToKeys(app);
