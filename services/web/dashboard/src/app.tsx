import { useErrorBoundary, useMemo } from 'preact/hooks';

import { AppContextProvider, type AppContext } from './app-context.ts';
import { Announcer } from './components/announcer.tsx';
import { Notices } from './components/notices.tsx';
import { StatusBar } from './components/status-bar.tsx';
import { createI18n, I18nContext } from './i18n/i18n.ts';
import { CrashedPage } from './pages/crashed-page.tsx';
import { LivePage } from './pages/live/live-page.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { useStore } from './store/use-store.ts';

export function App(context: AppContext) {
  const language = useStore(context.preferences, (preferences) => preferences.language);
  const i18n = useMemo(() => createI18n(language), [language]);
  const [crash] = useErrorBoundary();
  const Page = context.route.page === 'live' ? LivePage : NotFoundPage;
  return (
    <AppContextProvider value={context}>
      <I18nContext.Provider value={i18n}>
        {crash ? (
          <CrashedPage error={crash} />
        ) : (
          <>
            <a class="skip-link" href="#content">
              {i18n.t.skipToContent}
            </a>
            <header class="page-head">
              <StatusBar />
              <Notices />
            </header>
            <Page />
            <Announcer />
          </>
        )}
      </I18nContext.Provider>
    </AppContextProvider>
  );
}
