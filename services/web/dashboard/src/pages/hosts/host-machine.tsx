import type { Host } from '@llm-monitor/contracts/rest';

import { Meter } from '../../components/meter.tsx';
import { UNKNOWN } from '../../format/format.ts';
import { useI18n } from '../../i18n/i18n.ts';
import { HostPart } from './host-part.tsx';

export function HostMachine({ host }: { host: Host }) {
  const { t, format } = useI18n();
  const { cpu_count: cores, memory_used_bytes: used, memory_total_bytes: total } = host;
  const memory =
    used === null && total === null ? UNKNOWN : t.hosts.of(format.bytes(used), format.bytes(total));
  return (
    <HostPart
      title={t.hosts.machine}
      note={cores === null ? null : t.hosts.cores(format.count(cores), cores)}
    >
      <Meter
        label={t.hosts.cpu}
        percent={host.cpu_percent}
        text={format.percent(rounded(host.cpu_percent))}
      />
      <Meter label={t.hosts.memory} percent={host.memory_percent} text={memory} />
    </HostPart>
  );
}

/** A load is not exact to tenths. */
export function rounded(percent: number | null): number | null {
  return percent === null ? null : Math.round(percent);
}
