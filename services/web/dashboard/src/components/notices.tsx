import type { ComponentChildren } from 'preact';

import { useApp, useRoute } from '../app-context.ts';
import { LazyDemoButton } from '../demo/lazy-demo-button.ts';
import { useI18n } from '../i18n/i18n.ts';
import { addressOf } from '../routing/route.ts';
import { useStore } from '../store/use-store.ts';
import { Icon, type IconName } from './icon.tsx';
import { useNoticeRoom } from './use-notice-room.ts';
import { WithCode } from './with-code.tsx';

const SKEW_WORTH_TELLING_MS = 5000;

/** What must stay in sight: that this is a demo, or behind. */
export function LastingNotices() {
  const { t } = useI18n();
  const { feed } = useApp();
  const { demo } = useRoute();
  const degraded = useStore(feed.live, (live) => live?.status.status === 'degraded');
  return (
    <>
      {demo && (
        <Notice icon="demo" kind="demo" testId="demo-banner">
          <span>{t.demo.banner}</span>
          <div class="notice-ways">
            <LazyDemoButton does="stop" />
            <a href={addressOf('live', {})}>{t.demo.leave}</a>
          </div>
        </Notice>
      )}
      {degraded && (
        <Notice icon="error" kind="warning">
          <span>
            <WithCode text={t.degraded} />
          </span>
        </Notice>
      )}
    </>
  );
}

/** What must be known before the figures are read: that they are not all, or measured by another clock. */
export function Notices() {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const skewSeconds = useStore(feed.connection, () => Math.round(feed.clockSkewMs() / 1000));
  return (
    <aside class="notices" aria-label={t.notices} {...useNoticeRoom()}>
      <DropsNotice />
      <PipelineNotice />
      <UnseenNotice />
      {Math.abs(skewSeconds) * 1000 > SKEW_WORTH_TELLING_MS && (
        <Notice icon="timeout">
          <span>{t.clockSkew(format.age(Math.abs(skewSeconds)))}</span>
        </Notice>
      )}
    </aside>
  );
}

interface NoticeProps {
  icon: IconName;
  kind?: 'demo' | 'warning';
  testId?: string;
  children: ComponentChildren;
}

function Notice({ icon, kind, testId, children }: NoticeProps) {
  return (
    <p class={`notice ${kind ? `is-${kind}` : ''}`} data-testid={testId}>
      <Icon name={icon} />
      {children}
    </p>
  );
}

/** Calls that no figure counts. */
function DropsNotice() {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const { demo, page } = useRoute();
  const requests = useStore(feed.live, (live) => live?.status.dropped_requests ?? 0);
  const events = useStore(feed.live, (live) => live?.status.dropped_events ?? 0);
  if (requests === 0 && events === 0) return null;
  return (
    <Notice icon="missing" kind="warning" testId="drops-notice">
      <span>
        {requests > 0
          ? t.drops.requests(format.count(requests), requests)
          : t.drops.events(format.count(events), events)}
      </span>
      {page !== 'apps' && <a href={addressOf('apps', { demo })}>{t.drops.where}</a>}
    </Notice>
  );
}

const MANY_WAITING = 1000;

/** What no figure has yet, or never will. */
function PipelineNotice() {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const { demo, page } = useRoute();
  const text = useStore(feed.live, (live) => {
    if (!live) return null;
    const { waiting_events: waiting, lost_events: lost, dead_letters: letters } = live.status;
    if (waiting >= MANY_WAITING) return t.pipeline.behind(format.count(waiting));
    if (lost > 0) return t.pipeline.lost(format.count(lost), lost);
    return letters > 0 ? t.pipeline.letters(format.count(letters), letters) : null;
  });
  if (text === null || page === 'pipeline') return null;
  return (
    <Notice icon="missing" kind="warning" testId="pipeline-notice">
      <span>{text}</span>
      <a href={addressOf('pipeline', { demo })}>{t.pipeline.more}</a>
    </Notice>
  );
}

/** On the live page, which would otherwise look as if nothing ran. The page of hosts tells all of it. */
function UnseenNotice() {
  const { t } = useI18n();
  const { feed } = useApp();
  const { demo, page } = useRoute();
  const host = useStore(
    feed.live,
    (live) => live?.hosts.find((each) => each.online && each.unseen_activity)?.name ?? null,
  );
  if (host === null || page !== 'live' || demo) return null;
  return (
    <Notice icon="unseen" testId="unseen-notice">
      <span>{t.hosts.unseenNotice(host)}</span>
      <a href={addressOf('hosts', {})}>{t.hosts.unseenMore}</a>
    </Notice>
  );
}
