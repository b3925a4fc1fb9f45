import { callKey } from '@llm-monitor/contracts/live';
import type { EndedRequest } from '@llm-monitor/contracts/rest';

import { memo } from '../../components/memo.ts';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { Table } from '../../components/table.tsx';
import { useI18n, type I18n } from '../../i18n/i18n.ts';
import { HistoryRow } from './history-row.tsx';

interface HistorySectionProps {
  recent: readonly EndedRequest[] | null;
}

export const HistorySection = memo(({ recent }: HistorySectionProps) => {
  const { t } = useI18n();
  const note = recent && recent.length > 0 ? t.history.shown(recent.length) : undefined;
  return (
    <Section title={t.history.title} note={note}>
      <div class="scroller">
        <Table kind="history" label={t.history.title} columns={columnsOf(t)}>
          <div role="rowgroup">
            {recent?.map((call) => (
              <HistoryRow key={callKey(call)} call={call} />
            ))}
          </div>
        </Table>
        {recent === null && <SkeletonRows rows={5} />}
        {recent?.length === 0 && <p class="nothing">{t.history.none}</p>}
      </div>
    </Section>
  );
});

function columnsOf({ columns }: I18n['t']) {
  return [
    { id: 'state', title: columns.status },
    { id: 'model', title: columns.model },
    { id: 'prompt', title: columns.prompt },
    { id: 'app', title: columns.app },
    { id: 'host', title: columns.host },
    { id: 'ended', title: columns.ended, isNumber: true },
    { id: 'time', title: columns.duration, isNumber: true },
    { id: 'first', title: columns.firstToken, isNumber: true },
    { id: 'tokens', title: columns.tokens, isNumber: true },
    { id: 'rate', title: columns.rate, isNumber: true },
  ];
}
