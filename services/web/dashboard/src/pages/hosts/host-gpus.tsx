import type { Host } from '@llm-monitor/contracts/rest';

import { Meter } from '../../components/meter.tsx';
import { UNKNOWN } from '../../format/format.ts';
import { useI18n } from '../../i18n/i18n.ts';
import { rounded } from './host-machine.tsx';
import { HostPart } from './host-part.tsx';

type Gpu = NonNullable<Host['gpus']>[number];

/** The GPUs; that there is none, or that nobody can tell, is said as such. */
export function HostGpus({ gpus }: { gpus: Host['gpus'] }) {
  const { t } = useI18n();
  if (gpus === null || gpus.length === 0) {
    return (
      <HostPart title={t.hosts.gpu} testId="host-gpu">
        <p class="quiet">{gpus === null ? t.hosts.gpuUnknown : t.hosts.noGpu}</p>
      </HostPart>
    );
  }
  return (
    <>
      {gpus.map((gpu, at) => (
        <OneGpu key={at} gpu={gpu} />
      ))}
    </>
  );
}

function OneGpu({ gpu }: { gpu: Gpu }) {
  const { t, format } = useI18n();
  const { vram_used_bytes: used, vram_total_bytes: total } = gpu;
  const isKnown = used !== null || total !== null;
  return (
    <HostPart title={t.hosts.gpu} note={gpu.name} testId="host-gpu">
      <Meter
        label={t.hosts.gpuLoad}
        percent={gpu.load_percent}
        text={format.percent(rounded(gpu.load_percent))}
      />
      <Meter
        label={t.hosts.vram}
        percent={used !== null && total ? (100 * used) / total : null}
        text={isKnown ? t.hosts.of(format.bytes(used), format.bytes(total)) : UNKNOWN}
      />
      <dl class="facts is-inline">
        <div>
          <dt>{t.hosts.power}</dt>
          <dd class="number">{format.measure(gpu.power_watts, 'W')}</dd>
        </div>
        <div>
          <dt>{t.hosts.temperature}</dt>
          <dd class="number">{format.measure(gpu.temperature_celsius, '°C')}</dd>
        </div>
      </dl>
    </HostPart>
  );
}
