import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { useState } from 'preact/hooks';

import { useApp } from '../../app-context.ts';
import { CallBadge } from '../../calls/call-badge.tsx';
import { CallLink, useRowPress } from '../../calls/call-link.tsx';
import { Cell } from '../../components/cell.tsx';
import { memo } from '../../components/memo.ts';
import { useCostTexts } from '../../costs/cost-texts.ts';
import { useEstimates } from '../../costs/use-estimates.ts';
import { UNKNOWN } from '../../format/format.ts';
import { useI18n } from '../../i18n/i18n.ts';

const JUST_NOW_MS = 3000;

interface HistoryRowProps {
  call: EndedRequest;
  /** Its place in a table of which not all rows are in the page. */
  rowIndex?: number;
  withCosts?: boolean;
}

export const HistoryRow = memo(({ call, rowIndex, withCosts }: HistoryRowProps) => {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const press = useRowPress(call.id);
  const [isNew] = useState(
    () => (feed.shownTimeMs() ?? Infinity) - Date.parse(call.ended_at) < JUST_NOW_MS,
  );
  return (
    <div
      class={`row is-call ${isNew ? 'is-new' : ''}`}
      role="row"
      aria-rowindex={rowIndex}
      data-row={rowIndex === undefined ? undefined : ''}
      data-testid="history-row"
      data-request-id={call.id}
      data-status={call.status}
      onClick={press}
    >
      <Cell column="state">
        <CallBadge call={call} />
      </Cell>
      <Cell column="model" hint={call.model}>
        {call.model}
      </Cell>
      <Cell column="prompt">
        <CallLink call={call} />
        {call.error && <CallError error={call.error} />}
      </Cell>
      <Cell column="app" hint={call.app}>
        {call.app}
      </Cell>
      <Cell column="host" hint={call.host ?? undefined}>
        {call.host ?? UNKNOWN}
      </Cell>
      <Cell column="ended" hint={format.dateTime(call.ended_at)} isNumber>
        <time dateTime={call.ended_at}>{format.moment(call.ended_at)}</time>
      </Cell>
      <Cell column="time" isNumber>
        {format.duration(call.duration)}
      </Cell>
      <Cell column="first" title={t.columns.firstToken} isNumber>
        {format.duration(call.time_to_first_token)}
      </Cell>
      <Cell column="tokens" title={t.columns.tokens} isNumber>
        {call.tokens_source === 'estimate' && call.tokens_generated !== null && '≈\u00a0'}
        {format.count(call.tokens_generated)}
      </Cell>
      <Cell column="rate" title={t.columns.rate} isNumber>
        {format.rate(call.tokens_per_second)}
      </Cell>
      {withCosts && <CostCells call={call} />}
    </div>
  );
});

function CostCells({ call }: { call: EndedRequest }) {
  const texts = useCostTexts();
  const { energy, money } = useEstimates();
  return (
    <>
      <Cell column="energy" title={texts.energy} isNumber>
        {energy(call.resources?.energy_wh)}
      </Cell>
      <Cell column="cost" title={texts.cost} isNumber>
        {money(call.cost, 'energy')}
      </Cell>
    </>
  );
}

function CallError({ error }: { error: NonNullable<EndedRequest['error']> }) {
  const status = error.status === undefined ? '' : ` ${error.status}`;
  return (
    <span class="call-error" title={error.message}>
      <b>
        {error.type}
        {status}
      </b>{' '}
      {error.message}
    </span>
  );
}
