import type { Host } from '@llm-monitor/contracts/rest';

import { Icon } from '../../components/icon.tsx';
import { Meter } from '../../components/meter.tsx';
import { UNKNOWN } from '../../format/format.ts';
import { useI18n } from '../../i18n/i18n.ts';
import { HostPart } from './host-part.tsx';
import { providerName } from './provider-name.ts';

type Processes = NonNullable<NonNullable<Host['server']>['processes']>;

/** What serves models there: whether it answers, and what its processes take. */
export function HostServer({ host }: { host: Host }) {
  const { t, format } = useI18n();
  const { server } = host;
  if (!server) {
    return (
      <HostPart title={t.hosts.server}>
        <p class="quiet">{t.hosts.noServer}</p>
      </HostPart>
    );
  }
  const { processes } = server;
  return (
    <HostPart
      title={t.hosts.server}
      testId="host-server"
      note={processes && t.hosts.processes(format.count(processes.count), processes.count)}
    >
      <p class="server-line">
        <b>{providerName(server.provider)}</b>
        <span class="number">{server.version ?? t.hosts.versionUnknown}</span>
        <span class={`host-state ${server.reachable ? 'is-online' : 'is-fault'}`}>
          <Icon name={server.reachable ? 'completed' : 'failed'} />
          {server.reachable ? t.hosts.reachable : t.hosts.unreachable}
        </span>
      </p>
      <p class="mono server-address">{server.address}</p>
      {processes ? (
        <ServerProcesses processes={processes} host={host} />
      ) : (
        host.online && <p class="quiet">{t.hosts.processesUnknown}</p>
      )}
    </HostPart>
  );
}

function ServerProcesses({ processes, host }: { processes: Processes; host: Host }) {
  const { t, format } = useI18n();
  const { cpu_percent: cpu, memory_bytes: memory } = processes;
  const share = (part: number | null, whole: number | null) =>
    part !== null && whole ? (100 * part) / whole : null;
  return (
    <>
      <Meter
        label={t.hosts.cpu}
        percent={share(cpu, host.cpu_count === null ? null : host.cpu_count * 100)}
        text={cpu === null ? UNKNOWN : t.hosts.cores(format.cores(cpu), cpu === 100 ? 1 : 2)}
        hint={t.hosts.coreHint}
      />
      <Meter
        label={t.hosts.memory}
        percent={share(memory, host.memory_total_bytes)}
        text={format.bytes(memory)}
      />
    </>
  );
}
