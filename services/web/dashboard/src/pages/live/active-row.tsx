import type { ActiveRequest } from '@llm-monitor/contracts/rest';

import { useApp } from '../../app-context.ts';
import { Badge } from '../../components/badge.tsx';
import { Cell } from '../../components/cell.tsx';
import { memo } from '../../components/memo.ts';
import { Prompt } from '../../components/prompt.tsx';
import { Ticking } from '../../components/ticking.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { UNKNOWN } from '../../format/format.ts';

interface ActiveRowProps {
  call: ActiveRequest;
  rowIndex: number;
}

export const ActiveRow = memo(({ call, rowIndex }: ActiveRowProps) => {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const startedMs = Date.parse(call.started_at);
  const elapsed = () => {
    const nowMs = feed.shownTimeMs();
    return format.elapsed(nowMs === null ? null : (nowMs - startedMs) / 1000);
  };
  const isReading = call.phase === 'prompt' && call.prefill_percent !== null;
  const phase = isReading
    ? `${t.phases.prompt} ${format.percent(Math.round(call.prefill_percent ?? 0))}`
    : t.phases[call.phase];
  const isCounting = call.tokens_generated > 0;
  return (
    <div
      class="row is-call"
      role="row"
      aria-rowindex={rowIndex}
      data-row
      data-testid="active-row"
      data-request-id={call.id}
      data-phase={call.phase}
    >
      <Cell column="state">
        <Badge state={call.phase} word={phase} />
      </Cell>
      <Cell column="model" hint={call.model}>
        {call.model}
      </Cell>
      <Cell column="prompt" testId="active-prompt">
        <Prompt text={call.prompt} />
      </Cell>
      <Cell column="app" hint={call.app}>
        {call.app}
      </Cell>
      <Cell column="host" hint={call.host ?? undefined}>
        {call.host ?? UNKNOWN}
      </Cell>
      <Cell column="time" isNumber>
        <Ticking text={elapsed} />
      </Cell>
      <Cell
        column="tokens"
        title={t.columns.tokens}
        hint={t.active.estimate}
        isNumber
        testId="active-tokens"
      >
        {isCounting ? `≈\u00a0${format.count(call.tokens_generated)}` : UNKNOWN}
      </Cell>
      <Cell column="rate" title={t.columns.rate} hint={t.active.estimate} isNumber>
        {format.rate(call.tokens_per_second)}
      </Cell>
    </div>
  );
});
