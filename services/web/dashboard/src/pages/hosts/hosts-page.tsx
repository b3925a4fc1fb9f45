import type { LiveState } from '@llm-monitor/contracts/live';
import type { Host } from '@llm-monitor/contracts/rest';

import { useApp } from '../../app-context.ts';
import { LazyTrendBoard } from '../../charts/lazy-trend-board.tsx';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { WithCode } from '../../components/with-code.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { countByModel } from '../../live/figures.ts';
import { useStore } from '../../store/use-store.ts';
import { HostCard } from './host-card.tsx';

/** The machines: what they carry, what serves models on them, and which models are in memory. */
export function HostsPage() {
  const { t } = useI18n();
  const { feed } = useApp();
  const hosts = useStore(feed.live, (live) => live?.hosts ?? null);
  const active = useStore(feed.live, (live) => live?.active ?? null);
  if (!hosts || hosts.length === 0) return <NoHosts isKnown={hosts !== null} />;
  const shown = [...hosts].sort(onlineFirst);
  return (
    <>
      <h2 class="visually-hidden">{t.hosts.title}</h2>
      {shown.map((host) => (
        <HostCard key={host.name} host={host} running={runningOn(host, active)} />
      ))}
      <LazyTrendBoard show="hosts" />
    </>
  );
}

function NoHosts({ isKnown }: { isKnown: boolean }) {
  const { t } = useI18n();
  return (
    <Section title={t.hosts.title}>
      {isKnown ? (
        <p class="nothing">
          {t.hosts.none} <WithCode text={t.hosts.noneHint} />
        </p>
      ) : (
        <SkeletonRows rows={6} />
      )}
    </Section>
  );
}

function onlineFirst(a: Host, b: Host): number {
  return Number(b.online) - Number(a.online) || a.name.localeCompare(b.name);
}

/** Running calls by model, of those that this host makes. */
function runningOn(host: Host, active: LiveState['active'] | null): ReadonlyMap<string, number> {
  return countByModel([...(active?.values() ?? [])].filter((call) => call.host === host.name));
}
