import type { AppStats } from '@llm-monitor/contracts/rest';

import { useApp, useRoute } from '../../app-context.ts';
import { Cell } from '../../components/cell.tsx';
import { Ticking } from '../../components/ticking.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { meanOf } from '../../live/figures.ts';
import { addressOf } from '../../routing/route.ts';
import { AppInstances } from './app-instances.tsx';

interface AppRowProps {
  app: AppStats;
  running: number;
  /** of all apps, by instance */
  runningIn: ReadonlyMap<string, number>;
}

export function AppRow({ app, running, runningIn }: AppRowProps) {
  const { t, format } = useI18n();
  const { demo } = useRoute();
  return (
    <div class="row" role="row" data-testid="app-row" data-app={app.name}>
      <Cell column="app" hint={app.name}>
        <a class="model-name name-link" href={addressOf('apps', { item: app.name, demo })}>
          {app.name}
        </a>
        {app.models.length > 0 && (
          <span class="app-models" title={app.models.join('\n')}>
            {app.models.join(' · ')}
          </span>
        )}
      </Cell>
      <Cell column="running" title={t.apps.running} isNumber>
        <span class={running > 0 ? 'is-busy' : ''}>{format.count(running)}</span>
      </Cell>
      <AppFigures app={app} />
      <Cell column="used" title={t.columns.lastUsed} isNumber>
        <LastUsed at={app.last_used} />
      </Cell>
      <AppInstances app={app} runningIn={runningIn} />
    </div>
  );
}

function AppFigures({ app }: { app: AppStats }) {
  const { t, format } = useI18n();
  const { columns } = t;
  const online = app.instances.filter((instance) => instance.online).length;
  return (
    <>
      <Cell column="calls" title={columns.calls} isNumber>
        {format.count(app.total_requests)}
      </Cell>
      <Cell column="success" title={columns.success} isNumber>
        {format.percent(app.success_rate)}
      </Cell>
      <Cell column="mean" title={columns.mean} isNumber>
        {format.duration(meanOf(app))}
      </Cell>
      <Cell column="p95" title={columns.p95} isNumber>
        {format.duration(app.p95)}
      </Cell>
      <Cell column="read" title={t.apps.tokensIn} isNumber>
        {format.count(app.input_tokens)}
      </Cell>
      <Cell column="tokens" title={t.apps.tokensOut} isNumber>
        {format.count(app.total_tokens)}
      </Cell>
      <Cell column="missing" title={t.apps.missing} hint={t.apps.missingHint} isNumber>
        <span class={app.dropped_requests > 0 ? 'is-fault' : ''}>
          {format.count(app.dropped_requests)}
        </span>
      </Cell>
      <Cell column="online" title={t.apps.instances} isNumber>
        {format.count(online)}
      </Cell>
    </>
  );
}

function LastUsed({ at }: { at: string | null }) {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const text = () => {
    const nowMs = feed.shownTimeMs();
    if (at === null) return t.models.never;
    return t.models.ago(format.age(nowMs === null ? null : (nowMs - Date.parse(at)) / 1000));
  };
  return <Ticking text={text} />;
}
