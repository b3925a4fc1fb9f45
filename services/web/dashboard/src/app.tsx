import { useEffect, useErrorBoundary, useLayoutEffect, useRef } from 'preact/hooks';

import { AppContextProvider, type AppContext } from './app-context.ts';
import { Announcer } from './components/announcer.tsx';
import { Navigation } from './components/navigation.tsx';
import { LastingNotices, Notices } from './components/notices.tsx';
import { StatusBar } from './components/status-bar.tsx';
import { CallDrawer } from './drawer/lazy-call-drawer.ts';
import { I18nContext, useI18nOf } from './i18n/i18n.ts';
import { LazyKeyHelp } from './keyboard/lazy-key-help.ts';
import { CrashedPage } from './pages/crashed-page.tsx';
import { PageFrame } from './pages/page-frame.tsx';
import { pageOf } from './pages/page-of.ts';
import { useStore } from './store/use-store.ts';

export function App(context: AppContext) {
  const { language, zone } = useStore(context.preferences, (preferences) => preferences);
  const route = useStore(context.router.route, (value) => value);
  const i18n = useI18nOf(language, zone);
  const isHelpShown = useStore(context.keyHelp, (value) => value);
  const [crash] = useErrorBoundary();
  const Page = pageOf(route);
  useLayoutEffect(() => {
    document.documentElement.lang = i18n.language;
  }, [i18n.language]);
  const title = i18n.t.titles[route.page];
  usePageChange(
    `${route.page}/${route.item ?? ''}`,
    i18n.t.titleOf(route.item === null ? title : `${route.item} · ${title}`),
  );
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
              <StatusBar navigation={<Navigation />} />
              <LastingNotices />
            </header>
            <Notices />
            <PageFrame>
              <Page />
            </PageFrame>
            {route.request && <CallDrawer key={route.request} id={route.request} />}
            {isHelpShown && <LazyKeyHelp />}
            <Announcer />
          </>
        )}
      </I18nContext.Provider>
    </AppContextProvider>
  );
}

/** Another page has another title, and those who follow the focus are taken there. */
function usePageChange(page: string, title: string): void {
  const shown = useRef(page);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [page]);
}
