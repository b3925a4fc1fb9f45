import type { ComponentChildren } from 'preact';

import { useApp, useRoute } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import { openSearch } from '../keyboard/listen-to-keys.ts';
import { readAccess } from '../rest/access.ts';
import { addressOf } from '../routing/route.ts';
import { useStore } from '../store/use-store.ts';
import { ConnectionState } from './connection-state.tsx';
import { Icon } from './icon.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { LazyAccount } from './lazy-account.ts';
import { ThemeSwitch } from './theme-switch.tsx';

export function StatusBar({ navigation }: { navigation: ComponentChildren }) {
  const { t, format } = useI18n();
  const app = useApp();
  const { feed } = app;
  const { demo, page } = useRoute();
  const version = useStore(feed.live, (live) => live?.version ?? null);
  const uptime = useStore(feed.live, (live) => live?.status.uptime ?? null);
  return (
    <div class="status-bar">
      <div class="brand">
        <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
          <rect width="32" height="32" rx="7" />
          <path d="M5 17h5l3-8 5 15 4-11 2 4h3" />
        </svg>
        <h1 class="brand-name">{t.product}</h1>
        <span class="brand-version">{version && t.version(version)}</span>
      </div>
      {navigation}
      <ConnectionState />
      <span class="uptime">
        <a
          class="pipeline-link"
          href={addressOf('pipeline', { demo })}
          title={t.pipeline.linkHint}
          aria-current={page === 'pipeline' ? 'page' : undefined}
        >
          {t.pipeline.link}
        </a>
        {uptime !== null && (
          <span title={t.uptimeHint}>
            {t.uptime} <span class="number">{format.uptime(uptime)}</span>
          </span>
        )}
      </span>
      <div class="controls">
        <button
          type="button"
          class="button is-icon"
          title={t.findCall}
          aria-label={t.findCall}
          onClick={() => openSearch(app)}
        >
          <Icon name="search" />
        </button>
        <LanguageSwitch />
        <ThemeSwitch />
        <a
          class="button is-icon"
          href={addressOf('settings', { demo })}
          title={t.pages.settings}
          aria-label={t.pages.settings}
          aria-current={page === 'settings' ? 'page' : undefined}
        >
          <Icon name="settings" />
        </a>
        {readAccess() && <LazyAccount />}
      </div>
    </div>
  );
}
