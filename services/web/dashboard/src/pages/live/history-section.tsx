import { callKey } from '@llm-monitor/contracts/live';
import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { useRef } from 'preact/hooks';

import { memo } from '../../components/memo.ts';
import { Section } from '../../components/section.tsx';
import { Table } from '../../components/table.tsx';
import { useCalmValue } from '../../components/use-calm-value.ts';
import { useHeldValue } from '../../components/use-held-value.ts';
import { useHold } from '../../components/use-hold.ts';
import { useI18n } from '../../i18n/i18n.ts';
import { historyColumns } from './history-columns.ts';
import { HistoryRow } from './history-row.tsx';

/** More are on the page of the history. */
const SHOWN_ROWS = 25;
const RUSH_CALLS = 5;
const RUSH_MS = 2000;
const RUSH_EVERY_MS = 500;

interface HistorySectionProps {
  recent: readonly EndedRequest[];
}

export const HistorySection = memo(({ recent }: HistorySectionProps) => {
  const { t } = useI18n();
  const area = useRef<HTMLDivElement>(null);
  const calm = useCalmValue(recent, isRushing(recent), RUSH_EVERY_MS);
  const shown = useHeldValue(calm, useHold(area));
  const note = shown.length > 0 ? t.history.shown(Math.min(shown.length, SHOWN_ROWS)) : undefined;
  const fresh = shown === recent ? 0 : newerThan(recent, shown);
  return (
    <Section
      title={t.history.title}
      note={fresh > 0 ? `${note ?? ''} · ${t.history.fresh(fresh)}` : note}
    >
      <div ref={area} class={`scroller ${isRushing(recent) ? 'is-rushing' : ''}`}>
        <Table kind="history" label={t.history.title} columns={historyColumns(t)}>
          <div role="rowgroup">
            {shown.slice(0, SHOWN_ROWS).map((call) => (
              <HistoryRow key={callKey(call)} call={call} />
            ))}
          </div>
        </Table>
        {shown.length === 0 && <p class="nothing">{t.history.none}</p>}
      </div>
    </Section>
  );
});

/** How many have ended since, while the rows are held still under a pointer. */
function newerThan(recent: readonly EndedRequest[], shown: readonly EndedRequest[]): number {
  const known = new Set(shown.map(callKey));
  return recent.filter((call) => !known.has(callKey(call))).length;
}

/** So many calls end that to mark each new row would only flicker, and cost more than all the rest. */
function isRushing(recent: readonly EndedRequest[]): boolean {
  const [newest, some] = [recent[0], recent[RUSH_CALLS]];
  return (
    newest !== undefined &&
    some !== undefined &&
    Date.parse(newest.ended_at) - Date.parse(some.ended_at) < RUSH_MS
  );
}
