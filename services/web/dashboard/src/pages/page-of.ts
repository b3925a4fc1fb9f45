import type { FunctionComponent } from 'preact';

import type { Route } from '../routing/route.ts';
import {
  AlertsPage,
  AppPage,
  AppsPage,
  BotsPage,
  HistoryPage,
  HostsPage,
  ModelPage,
  ModelsPage,
  PipelinePage,
  SettingsPage,
} from './lazy-pages.tsx';
import { LivePage } from './live/live-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';

const PAGES: Readonly<Record<Route['page'], FunctionComponent>> = {
  live: LivePage,
  history: HistoryPage,
  models: ModelsPage,
  apps: AppsPage,
  hosts: HostsPage,
  bots: BotsPage,
  alerts: AlertsPage,
  settings: SettingsPage,
  pipeline: PipelinePage,
  'not-found': NotFoundPage,
};

export function pageOf({ page, item }: Route): FunctionComponent {
  if (item !== null) return page === 'models' ? ModelPage : AppPage;
  return PAGES[page];
}
