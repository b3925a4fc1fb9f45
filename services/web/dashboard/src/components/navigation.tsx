import { countFiring } from '../alerts/firing.ts';
import { useApp, useRoute } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import { addressOf, type Page } from '../routing/route.ts';
import { useStore } from '../store/use-store.ts';
import { Icon, type IconName } from './icon.tsx';

const ICONS = {
  live: 'overview',
  history: 'history',
  models: 'models',
  apps: 'apps',
  hosts: 'hosts',
  bots: 'bots',
  alerts: 'alerts',
} as const satisfies Partial<Record<Page, IconName>>;
const SHOWN = Object.keys(ICONS) as (keyof typeof ICONS)[];

/** The pages. Below the thumb on a phone. */
export function Navigation() {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const { page, demo } = useRoute();
  const hasBots = useStore(feed.live, (live) => (live?.status.bots ?? 0) > 0);
  const firing = useStore(feed.live, (live) => (live ? countFiring(live) : 0));
  return (
    <nav class="navigation" aria-label={t.pages.label}>
      {SHOWN.filter((each) => each !== 'bots' || hasBots || page === 'bots').map((each) => (
        <a
          key={each}
          class="navigation-link"
          href={addressOf(each, { demo })}
          aria-current={each === page ? 'page' : undefined}
        >
          <Icon name={ICONS[each]} />
          <span>{t.pages[each]}</span>
          {each === 'alerts' && firing > 0 && (
            <span class="navigation-mark" data-testid="alerts-mark">
              <span class="visually-hidden">({t.alertsMark(format.count(firing))})</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
