import type { AnyRequest } from '@llm-monitor/contracts/rest';

import { useApp } from '../app-context.ts';
import { Ticking } from '../components/ticking.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { callPhases } from './call-phases.ts';
import { DrawerPart, Fact } from './drawer-part.tsx';
import { PhaseBar } from './phase-bar.tsx';

/** How long it took, and with what. */
export function CallTime({ call }: { call: AnyRequest }) {
  const { t, format } = useI18n();
  const phases = call.status === 'running' ? null : callPhases(call);
  return (
    <DrawerPart title={t.drawer.time}>
      <dl class="facts is-figures">
        {call.status === 'running' ? (
          <Fact name={t.drawer.elapsed}>
            <Elapsed since={call.started_at} />
          </Fact>
        ) : (
          <Fact name={t.drawer.total}>{format.duration(call.duration)}</Fact>
        )}
        <Fact name={t.drawer.firstToken}>{format.duration(call.time_to_first_token)}</Fact>
      </dl>
      {phases && <PhaseBar phases={phases} />}
      {call.status === 'running' && <p class="quiet">{t.drawer.phasesLater}</p>}
    </DrawerPart>
  );
}

function Elapsed({ since }: { since: string }) {
  const { format } = useI18n();
  const { feed } = useApp();
  const startedMs = Date.parse(since);
  const text = () => {
    const nowMs = feed.shownTimeMs();
    return format.elapsed(nowMs === null ? null : (nowMs - startedMs) / 1000);
  };
  return <Ticking text={text} />;
}
