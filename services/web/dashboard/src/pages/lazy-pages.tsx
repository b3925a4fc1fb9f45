import { lazyView } from '../components/lazy-view.tsx';
import { SkeletonRows } from '../components/skeleton-rows.tsx';

const waiting = (
  <section class="panel">
    <SkeletonRows rows={6} />
  </section>
);

export const HistoryPage = lazyView({
  waiting,
  load: async () => (await import('./history/history-page.tsx')).HistoryPage,
});

export const ModelsPage = lazyView({
  waiting,
  load: async () => (await import('./models/models-page.tsx')).ModelsPage,
});

export const ModelPage = lazyView({
  waiting,
  load: async () => (await import('./item/item-page.tsx')).ModelPage,
});

export const AppPage = lazyView({
  waiting,
  load: async () => (await import('./item/item-page.tsx')).AppPage,
});

export const AppsPage = lazyView({
  waiting,
  load: async () => (await import('./apps/apps-page.tsx')).AppsPage,
});

export const HostsPage = lazyView({
  waiting,
  load: async () => (await import('./hosts/hosts-page.tsx')).HostsPage,
});

export const BotsPage = lazyView({
  waiting,
  load: async () => (await import('./bots/bots-page.tsx')).BotsPage,
});

export const AlertsPage = lazyView({
  waiting,
  load: async () => (await import('./alerts/alerts-page.tsx')).AlertsPage,
});

export const SettingsPage = lazyView({
  waiting,
  load: async () => (await import('./settings/settings-page.tsx')).SettingsPage,
});

export const PipelinePage = lazyView({
  waiting,
  load: async () => (await import('./pipeline/pipeline-page.tsx')).PipelinePage,
});
