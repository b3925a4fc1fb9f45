import { render } from 'preact';

import { App } from './app.tsx';
import { openLiveFeed } from './live/live-feed.ts';
import { createPreferences } from './preferences/preferences.ts';
import { routeOf } from './routing/route.ts';
import './styles/index.css';

const route = routeOf(new URL(window.location.href));
const feed = openLiveFeed(window, route.demo);
const preferences = createPreferences(window);
const root = document.getElementById('app');
if (root) render(<App feed={feed} preferences={preferences} route={route} />, root);
