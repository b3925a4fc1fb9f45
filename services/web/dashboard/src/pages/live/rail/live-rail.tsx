import type { Alert } from '@llm-monitor/contracts/alerts';
import type { LiveState } from '@llm-monitor/contracts/live';
import type { Host } from '@llm-monitor/contracts/rest';
import type { ComponentChildren } from 'preact';

import { useRoute } from '../../../app-context.ts';
import { useAlertTexts } from '../../../alerts/alert-texts.ts';
import { AlertText } from '../../../alerts/alert-line.tsx';
import { alertsOf } from '../../../alerts/alerts-of.ts';
import { firingAlerts } from '../../../alerts/firing.ts';
import { Icon } from '../../../components/icon.tsx';
import { Meter } from '../../../components/meter.tsx';
import { useI18n } from '../../../i18n/i18n.ts';
import { KeepAliveText } from '../../../models/keep-alive-text.tsx';
import { loadedModels, type LoadedModel } from '../../../models/loaded-models.ts';
import { addressOf } from '../../../routing/route.ts';

const MOST = 4;

/** Beside the running calls: what is in memory, how the machines are, and what fires. */
export function LiveRail({ live }: { live: LiveState }) {
  const texts = useAlertTexts();
  const loaded = loadedModels(live.hosts);
  const firing = firingAlerts(live);
  const seen = firing ? [] : alertsOf(live);
  const online = live.hosts.filter((host) => host.online);
  return (
    <section class="panel rail" aria-label={texts.rail} data-testid="rail">
      {(firing ?? seen).length > 0 && (
        <div class="rail-part">
          <h3>{texts.title}</h3>
          {firing?.slice(0, MOST).map((alert) => (
            <RailAlert key={alert.id} severity={alert.severity}>
              <AlertText alert={alert} />
            </RailAlert>
          ))}
          {seen.slice(0, MOST).map((alert) => (
            <RailAlert key={alert.id} severity={alert.severity}>
              {texts.of(alert)}
            </RailAlert>
          ))}
        </div>
      )}
      <div class="rail-part">
        <h3>{texts.inMemory}</h3>
        {loaded.length === 0 && <p class="quiet">{texts.nothingLoaded}</p>}
        {loaded.slice(0, MOST).map((each) => (
          <RailModel key={`${each.host} ${each.model.name}`} loaded={each} />
        ))}
      </div>
      <div class="rail-part">
        <h3>{texts.hosts}</h3>
        {online.length === 0 && <p class="quiet">{texts.noHosts}</p>}
        {online.slice(0, MOST).map((host) => (
          <RailHost key={host.name} host={host} />
        ))}
      </div>
    </section>
  );
}

function RailAlert(props: { severity: Alert['severity']; children: ComponentChildren }) {
  const texts = useAlertTexts();
  const { demo } = useRoute();
  return (
    <p class={`alert-line is-${props.severity}`}>
      <Icon name="error" />
      <a class="name-link" href={addressOf('alerts', { demo })}>
        <span class="visually-hidden">{texts.severities[props.severity]}: </span>
        {props.children}
      </a>
    </p>
  );
}

function RailModel({ loaded: { model, hostSkew } }: { loaded: LoadedModel }) {
  const { t, format } = useI18n();
  const { demo } = useRoute();
  const { size_bytes: size, vram_bytes: vram } = model;
  const share = size && vram !== null ? Math.min(100, (100 * vram) / size) : null;
  return (
    <div class="rail-item">
      <p class="rail-name">
        <a class="name-link" href={addressOf('models', { item: model.name, demo })}>
          {model.name}
        </a>
        <span class="quiet number" title={t.memory.expires}>
          <KeepAliveText expiresAt={model.expires_at} hostSkew={hostSkew} />
        </span>
      </p>
      <Meter
        label={t.hosts.vram}
        percent={share}
        text={vram === 0 ? t.memory.noVram : t.hosts.of(format.bytes(vram), format.bytes(size))}
        isShare
      />
    </div>
  );
}

function RailHost({ host }: { host: Host }) {
  const { t, format } = useI18n();
  const { demo } = useRoute();
  const gpuLoads = (host.gpus ?? []).flatMap(({ load_percent: load }) => load ?? []);
  const gpu = gpuLoads.length > 0 ? Math.max(...gpuLoads) : null;
  const percent = (value: number | null) =>
    format.percent(value === null ? null : Math.round(value));
  return (
    <div class="rail-item">
      <p class="rail-name">
        <a class="name-link" href={addressOf('hosts', { demo })}>
          {host.name}
        </a>
      </p>
      <Meter label={t.hosts.cpu} percent={host.cpu_percent} text={percent(host.cpu_percent)} />
      <Meter
        label={t.hosts.memory}
        percent={host.memory_percent}
        text={percent(host.memory_percent)}
      />
      {gpu !== null && <Meter label={t.hosts.gpu} percent={gpu} text={percent(gpu)} />}
    </div>
  );
}
