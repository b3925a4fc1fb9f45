import { useApp } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import { useStore } from '../store/use-store.ts';
import { Icon } from './icon.tsx';
import { WithCode } from './with-code.tsx';

const SKEW_WORTH_TELLING_MS = 5000;

/** What must be known before the figures are read: that they are a demo, behind, or measured by another clock. */
export function Notices() {
  const { t, format } = useI18n();
  const { feed, route } = useApp();
  const degraded = useStore(feed.live, (live) => live?.status.status === 'degraded');
  const skewSeconds = useStore(feed.connection, () => Math.round(feed.clockSkewMs() / 1000));
  return (
    <>
      {route.demo && (
        <p class="notice is-demo" data-testid="demo-banner">
          <Icon name="demo" />
          <span>{t.demo.banner}</span>
          <a href="/">{t.demo.leave}</a>
        </p>
      )}
      {degraded && (
        <p class="notice is-warning">
          <Icon name="error" />
          <span>
            <WithCode text={t.degraded} />
          </span>
        </p>
      )}
      {Math.abs(skewSeconds) * 1000 > SKEW_WORTH_TELLING_MS && (
        <p class="notice">
          <Icon name="timeout" />
          <span>{t.clockSkew(format.age(Math.abs(skewSeconds)))}</span>
        </p>
      )}
    </>
  );
}
