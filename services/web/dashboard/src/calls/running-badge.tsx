import type { ActiveRequest } from '@llm-monitor/contracts/rest';
import { callKey } from '@llm-monitor/contracts/live';

import { useApp } from '../app-context.ts';
import { Badge } from '../components/badge.tsx';
import { Icon } from '../components/icon.tsx';
import { Ticking } from '../components/ticking.tsx';
import { useTicked } from '../components/use-ticked.ts';
import { useI18n } from '../i18n/i18n.ts';
import { LazyVerdictBadge } from '../verdicts/lazy-verdict-badge.tsx';
import { STOPPED_AFTER_SECONDS } from '../live/token-watch.ts';

/** The phase of a running call; a stream that has been silent for long looks stopped, and says for how long. */
export function RunningBadge({ call }: { call: ActiveRequest }) {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const key = callKey(call);
  const silent = () => feed.tokens.silentSeconds(key) ?? 0;
  const isStopped = useTicked(() => silent() >= STOPPED_AFTER_SECONDS);
  const [verdict] = call.verdicts ?? [];
  if (verdict) return <LazyVerdictBadge verdict={verdict} />;
  if (isStopped) {
    return (
      <span class="badge is-stopped" title={t.active.stoppedHint} data-testid="stopped">
        <Icon name="stale" />
        <Ticking class="badge-word" text={() => t.active.stopped(format.age(silent()))} />
      </span>
    );
  }
  const isReading = call.phase === 'prompt' && call.prefill_percent !== null;
  const word = isReading
    ? `${t.phases.prompt} ${format.percent(Math.round(call.prefill_percent ?? 0))}`
    : t.phases[call.phase];
  return <Badge state={call.phase} word={word} />;
}
