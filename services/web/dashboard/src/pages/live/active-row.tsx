import { callKey } from '@llm-monitor/contracts/live';
import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';

import { useApp } from '../../app-context.ts';
import { CallLink, useRowPress } from '../../calls/call-link.tsx';
import { CancelButton } from '../../calls/cancel-button.tsx';
import { CallBadge } from '../../calls/call-badge.tsx';
import { Cell } from '../../components/cell.tsx';
import { memo } from '../../components/memo.ts';
import { Spark } from '../../components/spark.tsx';
import { Ticking } from '../../components/ticking.tsx';
import { useTicked } from '../../components/use-ticked.ts';
import { UNKNOWN } from '../../format/format.ts';
import { useI18n } from '../../i18n/i18n.ts';
import { SPARK_POINTS } from '../../live/token-watch.ts';

interface ActiveRowProps {
  call: ActiveRequest;
  rowIndex: number;
  /** It is held in its place though its call runs no more. */
  hasEnded: boolean;
  end: EndedRequest | null;
}

export const ActiveRow = memo(({ call, rowIndex, hasEnded, end }: ActiveRowProps) => {
  const { format } = useI18n();
  const { feed } = useApp();
  const press = useRowPress(call.id);
  const startedMs = Date.parse(call.started_at);
  const elapsed = () => {
    const nowMs = feed.shownTimeMs();
    return format.elapsed(nowMs === null ? null : (nowMs - startedMs) / 1000);
  };
  return (
    <div
      class={`row is-call ${hasEnded ? 'is-held' : ''}`}
      role="row"
      aria-rowindex={rowIndex}
      data-row
      data-testid={hasEnded ? 'held-row' : 'active-row'}
      data-request-id={call.id}
      data-phase={call.phase}
      onClick={press}
    >
      <Cell column="state">
        <CallBadge call={end ?? call} hasEnded={hasEnded} />
      </Cell>
      <Cell column="model" hint={call.model}>
        {call.model}
      </Cell>
      <Cell column="prompt" testId="active-prompt">
        <CallLink call={call} />
      </Cell>
      <Cell column="app" hint={call.app}>
        {call.app}
      </Cell>
      <Cell column="host" hint={call.host ?? undefined}>
        {call.host ?? UNKNOWN}
      </Cell>
      <Cell column="time" isNumber>
        {hasEnded ? format.duration(end?.duration) : <Ticking text={elapsed} />}
      </Cell>
      <Estimates call={call} />
      <Cell column="cancel">
        <CancelButton call={call} hasEnded={hasEnded} />
      </Cell>
    </div>
  );
});

/** Tokens and tokens/s while they are counted by what streams. */
function Estimates({ call }: { call: ActiveRequest }) {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const key = callKey(call);
  const rate = useTicked(() => feed.tokens.rateOf(call));
  return (
    <>
      <Cell
        column="tokens"
        title={t.columns.tokens}
        hint={t.active.estimate}
        isNumber
        testId="active-tokens"
      >
        {call.tokens_generated > 0 ? `≈\u00a0${format.count(call.tokens_generated)}` : UNKNOWN}
      </Cell>
      <Cell
        column="rate"
        title={t.columns.rate}
        hint={t.active.estimate}
        isNumber
        testId="active-rate"
      >
        <Spark values={() => feed.tokens.ratesOf(key)} points={SPARK_POINTS} />
        {format.rateNow(rate)}
      </Cell>
    </>
  );
}
