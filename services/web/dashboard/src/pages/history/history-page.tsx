import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { callKey } from '@llm-monitor/contracts/live';
import { useEffect, useMemo, useState } from 'preact/hooks';

import { useApp, useRoute } from '../../app-context.ts';
import { Icon } from '../../components/icon.tsx';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { Table } from '../../components/table.tsx';
import { useRowWindow } from '../../components/use-row-window.ts';
import { useCostTexts } from '../../costs/cost-texts.ts';
import { useI18n } from '../../i18n/i18n.ts';
import { basePath } from '../../routing/base-path.ts';
import { useStore } from '../../store/use-store.ts';
import { historyColumns } from '../live/history-columns.ts';
import { HistoryRow } from '../live/history-row.tsx';
import { ColumnChoice, columnLayout } from './column-choice.tsx';
import { HistoryFilters } from './history-filters.tsx';
import { apiQuery } from './history-query.ts';
import { useHistoryTexts } from './history-texts.ts';
import { SessionTimeline } from './session-timeline.tsx';
import { useCalls, type FoundCalls } from './use-calls.ts';
import '../../styles/pages.css';

/** So many rows before the end the next ones are read. */
const AHEAD_ROWS = 30;

/** All calls that ended and are kept, narrowed as the address says. */
export function HistoryPage() {
  const texts = useHistoryTexts();
  const { format } = useI18n();
  const { feed, router } = useApp();
  const { filter, demo } = useRoute();
  const [turn, setTurn] = useState(0);
  const query = useMemo(
    () => apiQuery(filter, { demo, nowMs: feed.shownTimeMs() ?? Date.now() }),
    [filter, demo, turn],
  );
  const found = useCalls(query, turn);
  const newer = useNewer(found.calls[0], filter === '');
  const count = format.count(found.calls.length);
  const session = new URLSearchParams(filter).get('session');
  return (
    <>
      <section class="panel">
        <HistoryFilters />
      </section>
      {session && <SessionTimeline id={session} calls={found.calls} hasMore={found.hasMore} />}
      <Section
        title={texts.title}
        note={noteOf(found, count, texts)}
        aside={
          <span class="panel-actions">
            {filter && (
              <button
                type="button"
                class="button is-small"
                onClick={() => router.setFilter('', false)}
              >
                {texts.clear}
              </button>
            )}
            <button
              type="button"
              class="button is-small"
              data-testid="refresh"
              onClick={() => setTurn(turn + 1)}
            >
              <Icon name="reconnecting" />
              {newer > 0 ? texts.newer(format.count(newer)) : texts.refresh}
            </button>
            <ColumnChoice />
            <ExportLinks query={query} />
          </span>
        }
      >
        <CallTable found={found} isNarrowed={filter !== ''} beginning={`${turn} ${query}`} />
      </Section>
    </>
  );
}

/** Nothing is said of calls that nobody has looked for yet. */
function noteOf(
  { calls, hasMore, isLoading, fault }: FoundCalls,
  count: string,
  texts: ReturnType<typeof useHistoryTexts>,
): string | undefined {
  if (calls.length === 0 && (isLoading || fault !== null)) return undefined;
  return hasMore ? texts.shownFirst(count) : texts.shownAll(count);
}

/** Of the recent calls that are told live, how many ended after the newest that is shown. Of narrowed ones nobody knows whether they fit. */
function useNewer(newest: EndedRequest | undefined, isAll: boolean): number {
  const recent = useStore(useApp().feed.live, (live) => live?.recent);
  if (!isAll || !newest || !recent) return 0;
  return recent.filter(({ ended_at: at }) => at > newest.ended_at).length;
}

function ExportLinks({ query }: { query: string }) {
  const texts = useHistoryTexts();
  return (
    <span role="group" aria-label={texts.exportLabel} title={texts.exportLabel}>
      {(['csv', 'json'] as const).map((format) => (
        <a
          key={format}
          class="button is-small"
          href={`${basePath()}/api/export.${format}?${query}`}
          download
        >
          <Icon name="loading" />
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  );
}

interface CallTableProps {
  found: FoundCalls;
  isNarrowed: boolean;
  /** Another one begins with the newest call again. */
  beginning: string;
}

function CallTable({ found, isNarrowed, beginning }: CallTableProps) {
  const { t } = useI18n();
  const texts = useHistoryTexts();
  const { calls, isLoading, hasMore, fault, more } = found;
  const { scroller, first, end, before, after } = useRowWindow(calls.length);
  const isNearEnd = end > calls.length - AHEAD_ROWS;
  useEffect(() => {
    if (calls.length > 0 && isNearEnd && hasMore && fault === null) more();
  }, [isNearEnd, calls.length]);
  const layout = columnLayout(useRoute().filter);
  const costs = useCostTexts();
  const columns = [
    ...historyColumns(t),
    ...(layout.hasCosts
      ? [
          { id: 'energy', title: costs.energy, isNumber: true },
          { id: 'cost', title: costs.cost, isNumber: true },
        ]
      : []),
  ];
  useEffect(() => scroller.current?.scrollTo(0, 0), [beginning]);
  return (
    <>
      <div
        class={`scroller is-log ${layout.class} ${isLoading && calls.length > 0 ? 'is-looking' : ''}`}
        style={layout.style}
        ref={scroller}
        tabIndex={0}
        role="group"
        aria-label={texts.title}
        aria-busy={isLoading}
        data-testid="history-scroller"
      >
        <Table
          kind="history"
          label={texts.title}
          columns={columns}
          rowCount={hasMore ? -2 : calls.length}
        >
          <div role="rowgroup" style={{ paddingTop: `${before}px`, paddingBottom: `${after}px` }}>
            {calls.slice(first, end).map((call, at) => (
              <HistoryRow
                key={callKey(call)}
                call={call}
                rowIndex={first + at + 2}
                withCosts={layout.hasCosts}
              />
            ))}
          </div>
        </Table>
        {isLoading && calls.length === 0 && <SkeletonRows rows={8} />}
        {!isLoading && calls.length === 0 && fault === null && (
          <p class="nothing" data-testid="nothing">
            {hasMore ? texts.noneSoFar : isNarrowed ? texts.noneFits : texts.none}
          </p>
        )}
      </div>
      {fault !== null && (
        <p class="notice is-warning" role="alert">
          <Icon name="error" />
          <span>{texts.fault(fault)}</span>
        </p>
      )}
      {(isLoading || hasMore || fault !== null) && (
        <p class="log-foot">
          {isLoading ? (
            texts.loading
          ) : (
            <button type="button" class="button is-small" onClick={more}>
              {fault === null ? texts.searchOn : texts.again}
            </button>
          )}
        </p>
      )}
    </>
  );
}
