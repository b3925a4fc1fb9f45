import type { AppStats } from '@llm-monitor/contracts/rest';

import { useApp } from '../../app-context.ts';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { Table } from '../../components/table.tsx';
import { useI18n, type I18n } from '../../i18n/i18n.ts';
import { countByApp, countByInstance } from '../../live/figures.ts';
import { useStore } from '../../store/use-store.ts';
import { AppRow } from './app-row.tsx';

const MOST_ROWS = 200;

/** Who calls: how much, how well, what is missing of it, and which of its processes are there. */
export function AppsPage() {
  const { t } = useI18n();
  const { feed } = useApp();
  const apps = useStore(feed.live, (live) => live?.apps ?? null);
  const active = useStore(feed.live, (live) => live?.active ?? null);
  const running = countByApp(active?.values() ?? []);
  const runningIn = countByInstance(active?.values() ?? []);
  return (
    <Section title={t.apps.title}>
      {apps === null && <SkeletonRows rows={4} />}
      {apps?.length === 0 && <p class="nothing">{t.apps.none}</p>}
      {apps !== null && apps.length > 0 && (
        <div class="scroller">
          <Table kind="apps" label={t.apps.title} columns={columnsOf(t)}>
            <div role="rowgroup">
              {[...apps]
                .sort(byUse)
                .slice(0, MOST_ROWS)
                .map((app) => (
                  <AppRow
                    key={app.name}
                    app={app}
                    running={running.get(app.name) ?? 0}
                    runningIn={runningIn}
                  />
                ))}
            </div>
          </Table>
        </div>
      )}
    </Section>
  );
}

function byUse(a: AppStats, b: AppStats): number {
  return b.total_requests - a.total_requests || a.name.localeCompare(b.name);
}

function columnsOf({ columns, apps }: I18n['t']) {
  return [
    { id: 'app', title: columns.app },
    { id: 'running', title: apps.running, isNumber: true },
    { id: 'calls', title: columns.calls, isNumber: true },
    { id: 'success', title: columns.success, isNumber: true },
    { id: 'mean', title: columns.mean, isNumber: true },
    { id: 'p95', title: columns.p95, isNumber: true },
    { id: 'read', title: apps.tokensIn, isNumber: true },
    { id: 'tokens', title: apps.tokensOut, isNumber: true },
    { id: 'missing', title: apps.missing, isNumber: true },
    { id: 'online', title: apps.instances, isNumber: true },
    { id: 'used', title: columns.lastUsed, isNumber: true },
    { id: 'instances', title: apps.processes, isHidden: true },
  ];
}
