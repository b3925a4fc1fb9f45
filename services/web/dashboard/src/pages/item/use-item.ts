import type { Figures, Stats, Trends } from '@llm-monitor/contracts/rest';
import { useMemo } from 'preact/hooks';

import { useApp, useRoute } from '../../app-context.ts';
import { chartData, comparedWithBefore, type ChartData } from '../../charts/chart-data.ts';
import { CALL_CHARTS, metricsOf } from '../../charts/chart-kinds.ts';
import { spanBefore, spanOf, spanQuery, type Span } from '../../charts/span.ts';
import { refreshMs } from '../../charts/trend-board.tsx';
import { useAnswer } from '../../rest/use-answer.ts';
import type { Api } from '../../rest/api.ts';

/** Another name of the same kind, or the time of the same length before. */
export type Comparison = { of: 'name'; name: string } | { of: 'before' };
export const BEFORE = 'before:';

export interface Item {
  kind: 'models' | 'apps';
  name: string;
  span: Span;
  compared: Comparison | null;
}

export interface ItemAnswer {
  figures: Figures;
  /** not asked for while two names are compared */
  stats: Stats | null;
  other: Figures | null;
  data: ChartData;
}

/** What the address is about. */
export function useItem(kind: Item['kind']): Item {
  const { feed } = useApp();
  const { item, filter } = useRoute();
  return useMemo(() => {
    const compare = new URLSearchParams(filter).get('compare');
    return {
      ...{ kind, name: item ?? '' },
      span: spanOf(filter, '24h', feed.shownTimeMs() ?? Date.now()),
      compared: comparisonOf(compare, item),
    };
  }, [kind, item, filter]);
}

function comparisonOf(text: string | null, item: string | null): Comparison | null {
  if (!text || text === item) return null;
  return text === BEFORE ? { of: 'before' } : { of: 'name', name: text };
}

/** At most three questions, whatever is compared. */
export function useItemAnswer(item: Item) {
  const { api, feed } = useApp();
  const { demo } = useRoute();
  const question = JSON.stringify([item, demo]);
  return useAnswer(question, refreshMs(item.span), (signal) =>
    askFor(api, item, { demo, signal, nowMs: feed.shownTimeMs() ?? Date.now() }),
  );
}

interface Asking {
  demo: boolean;
  nowMs: number;
  signal: AbortSignal;
}

async function askFor(api: Api, item: Item, asking: Asking): Promise<ItemAnswer> {
  const { span, compared } = item;
  if (compared?.of === 'name') return askForTwo(api, item, compared.name, asking);
  const { nowMs, signal } = asking;
  const isBefore = compared?.of === 'before';
  const stats = (time: Record<string, string>) =>
    api.readStats(queryOf(item, item.name, time, asking), signal);
  const [own, before, trends] = await Promise.all([
    stats(spanQuery(span, nowMs)),
    isBefore ? stats(spanBefore(span, nowMs)) : null,
    readTrends(api, item, item.name, spanQuery(span, nowMs, isBefore), asking),
  ]);
  return {
    ...{ figures: own.totals, stats: own, other: before?.totals ?? null },
    data: isBefore ? comparedWithBefore(trends, span.seconds) : chartData(trends),
  };
}

/** The figures of both names come in one answer. */
async function askForTwo(
  api: Api,
  item: Item,
  otherName: string,
  asking: Asking,
): Promise<ItemAnswer> {
  const time = spanQuery(item.span, asking.nowMs);
  const [all, own, other] = await Promise.all([
    api.readStats(queryOf(item, null, time, asking), asking.signal),
    readTrends(api, item, item.name, time, asking),
    readTrends(api, item, otherName, time, asking),
  ]);
  const list = item.kind === 'models' ? all.by_model : all.by_app;
  const find = (name: string) => list.find((each) => each.name === name) ?? NO_FIGURES;
  return {
    ...{ figures: find(item.name), stats: null, other: find(otherName) },
    data: chartData(own, other),
  };
}

const NO_FIGURES: Figures = {
  ...{ total_requests: 0, completed_requests: 0, failed_requests: 0, timeout_requests: 0 },
  ...{ cancelled_requests: 0, success_rate: null, avg_response_time: 0, p50: null, p95: null },
  ...{ p99: null, time_to_first_token: null, ttft_p50: null, ttft_p95: null },
  ...{ tokens_per_second: null, total_tokens: 0, input_tokens: 0 },
};

function readTrends(
  api: Api,
  item: Item,
  name: string,
  time: Record<string, string>,
  asking: Asking,
): Promise<Trends> {
  const query = `${queryOf(item, name, time, asking)}&metrics=${metricsOf(CALL_CHARTS)}`;
  return api.readTrends(query, asking.signal);
}

/** What narrows answers to the item. */
export function filterOf({ kind, name }: Item, demo: boolean): string {
  return new URLSearchParams({
    [kind === 'models' ? 'model' : 'app']: name,
    ...(demo ? { demo: 'only' } : {}),
  }).toString();
}

function queryOf(
  { kind }: Item,
  name: string | null,
  time: Record<string, string>,
  { demo }: Asking,
): string {
  return new URLSearchParams({
    ...time,
    ...(name === null ? {} : { [kind === 'models' ? 'model' : 'app']: name }),
    ...(demo ? { demo: 'only' } : {}),
  }).toString();
}
