import type { AppStats } from '@llm-monitor/contracts/rest';

import { useApp } from '../../app-context.ts';
import { Cell } from '../../components/cell.tsx';
import { Icon } from '../../components/icon.tsx';
import { Ticking } from '../../components/ticking.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { instanceKey } from '../../live/figures.ts';

type Instance = AppStats['instances'][number];

interface AppInstancesProps {
  app: AppStats;
  runningIn: ReadonlyMap<string, number>;
}

/** An app's processes of the last minutes. */
export function AppInstances({ app, runningIn }: AppInstancesProps) {
  const { t } = useI18n();
  return (
    <Cell column="instances">
      {app.instances.length === 0 ? (
        <span class="quiet">{t.apps.noInstance}</span>
      ) : (
        <ul class="instances" aria-label={t.apps.instancesTitle(app.name)}>
          {app.instances.map((instance) => (
            <OneInstance
              key={instance.instance}
              instance={instance}
              running={runningIn.get(instanceKey(app.name, instance.instance)) ?? 0}
            />
          ))}
        </ul>
      )}
    </Cell>
  );
}

/** @param running by the live data: what its last heartbeat said is up to ten seconds old */
function OneInstance({ instance, running }: { instance: Instance; running: number }) {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const gone = () => {
    const nowMs = feed.shownTimeMs();
    const seconds = nowMs === null ? null : (nowMs - Date.parse(instance.last_seen)) / 1000;
    return t.apps.gone(format.age(seconds));
  };
  const { dropped_events: events, dropped_requests: requests, queued, online } = instance;
  return (
    <li
      class={`instance ${online ? 'is-online' : 'is-offline'}`}
      data-testid="app-instance"
      data-online={online}
    >
      <span class={`host-state ${online ? 'is-online' : 'is-offline'}`}>
        <Icon name={online ? 'live' : 'cancelled'} />
        {online ? t.apps.online : <Ticking text={gone} />}
      </span>
      <span class="mono">{instance.instance}</span>
      {instance.host !== null && <span>{instance.host}</span>}
      {online && <span class="number">{t.apps.runs(format.count(running))}</span>}
      {queued > 0 && <span class="number">{t.apps.waits(format.count(queued), queued)}</span>}
      {requests > 0 && (
        <span class="number is-fault">{t.apps.drops(format.count(requests), requests)}</span>
      )}
      {requests === 0 && events > 0 && (
        <span class="number is-fault">{t.apps.dropsEvents(format.count(events), events)}</span>
      )}
    </li>
  );
}
