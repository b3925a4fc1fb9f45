import type { Host } from '@llm-monitor/contracts/rest';

import { useApp } from '../../app-context.ts';
import { Icon } from '../../components/icon.tsx';
import { Ticking } from '../../components/ticking.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { loadedModels } from '../../models/loaded-models.ts';
import { MemoryTable } from '../../models/memory-table.tsx';
import { HostGpus } from './host-gpus.tsx';
import { HostMachine } from './host-machine.tsx';
import { HostServer } from './host-server.tsx';
import { UnseenBanner } from './unseen-banner.tsx';

const SKEW_WORTH_TELLING_SECONDS = 5;

interface HostCardProps {
  host: Host;
  /** running calls of each model */
  running: ReadonlyMap<string, number>;
}

export function HostCard({ host, running }: HostCardProps) {
  const { t, format } = useI18n();
  const state = host.online ? 'online' : 'offline';
  return (
    <section
      class={`panel host is-${state}`}
      aria-label={host.name}
      data-testid="host"
      data-host={host.name}
      data-state={state}
    >
      <div class="panel-head">
        <h3 class="host-name">{host.name}</h3>
        <span class={`host-state is-${state}`}>
          <Icon name={host.online ? 'live' : 'cancelled'} />
          {t.hosts[state]}
        </span>
        <span class="panel-note">
          {host.online ? (
            host.uptime !== null && t.hosts.upFor(format.uptime(host.uptime))
          ) : (
            <LastSeen at={host.last_seen} />
          )}
        </span>
      </div>
      {!host.online && <p class="host-note">{t.hosts.offlineHint}</p>}
      {host.online && host.unseen_activity && (
        <UnseenBanner activity={host.unseen_activity} server={host.server} />
      )}
      {host.online && Math.abs(host.clock_skew) > SKEW_WORTH_TELLING_SECONDS && (
        <p class="host-note">{t.hosts.clockSkew(format.age(Math.abs(host.clock_skew)))}</p>
      )}
      <div class="host-parts">
        <HostMachine host={host} />
        <HostGpus gpus={host.gpus} />
        <HostServer host={host} />
      </div>
      {host.online && <HostModels host={host} running={running} />}
    </section>
  );
}

function LastSeen({ at }: { at: string }) {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const text = () => {
    const nowMs = feed.shownTimeMs();
    return t.hosts.lastSeen(format.age(nowMs === null ? null : (nowMs - Date.parse(at)) / 1000));
  };
  return <Ticking text={text} />;
}

function HostModels({ host, running }: HostCardProps) {
  const { t, format } = useI18n();
  const installed = host.models_available.length;
  const loaded = loadedModels([host]);
  return (
    <div class="host-models">
      <div class="host-part-head">
        <h4>{t.hosts.loaded}</h4>
        {installed > 0 && (
          <span class="panel-note" title={host.models_available.join('\n')}>
            {t.hosts.available(format.count(installed), installed)}
          </span>
        )}
      </div>
      {loaded.length > 0 ? (
        <MemoryTable label={t.hosts.loaded} loaded={loaded} running={running} withHost={false} />
      ) : (
        <p class="nothing">{t.hosts.noneLoaded}</p>
      )}
    </div>
  );
}
