import { useMemo } from 'preact/hooks';

import { useApp, useRoute } from '../app-context.ts';
import { Section } from '../components/section.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { chartData } from './chart-data.ts';
import { ChartGrid } from './chart-grid.tsx';
import { CALL_CHARTS, HOST_CHARTS, metricsOf, type ChartKind } from './chart-kinds.ts';
import { useChartTexts } from './chart-texts.ts';
import { Fault } from './fault.tsx';
import { SpanPicker } from './span-picker.tsx';
import { spanOf, spanQuery, type Span } from './span.ts';
import { useAnswer } from '../rest/use-answer.ts';
import '../styles/pages.css';

const CHARTS = { calls: CALL_CHARTS, hosts: HOST_CHARTS, all: [...CALL_CHARTS, ...HOST_CHARTS] };

interface TrendBoardProps {
  show: keyof typeof CHARTS;
  /** of one machine */
  host?: string;
}

/** How things went, up to now or over a time that stands still. */
export function TrendBoard({ show, host }: TrendBoardProps) {
  const texts = useChartTexts();
  const { feed, api } = useApp();
  const { filter, demo } = useRoute();
  const charts: readonly ChartKind[] = CHARTS[show];
  const span = useMemo(() => spanOf(filter, '1h', feed.shownTimeMs() ?? Date.now()), [filter]);
  const shown = new URLSearchParams({
    ...(host === undefined ? {} : { host }),
    ...(demo ? { demo: 'only' } : {}),
  }).toString();
  const asked = new URLSearchParams({ metrics: metricsOf(charts), ...spanQuery(span, 0) });
  const query = [asked.toString(), shown].filter(Boolean).join('&');
  const { value, fault, again } = useAnswer(query, refreshMs(span), (signal) =>
    api.readTrends(query, signal),
  );
  const data = useMemo(() => value && chartData(value), [value]);
  return (
    <Section title={texts.title} note={useNote(span)} aside={<SpanPicker span={span} />}>
      {fault !== null && <Fault said={fault} onAgain={again} />}
      {(data || fault === null) && <ChartGrid charts={charts} data={data} filter={shown} />}
    </Section>
  );
}

/** Often enough that the last step is seen to grow. */
export function refreshMs(span: Span): number {
  if (!span.isLive) return 0;
  return Math.min(60_000, Math.max(5000, (span.seconds * 1000) / 360));
}

/** Of a time that stands still: which. */
export function useNote(span: Span): string {
  const texts = useChartTexts();
  const { format } = useI18n();
  if (span.isLive) return texts.hint;
  const [from, to] = [span.fromMs, span.toMs].map((ms) =>
    format.moment(new Date(ms).toISOString()),
  );
  return texts.standing(from ?? '', to ?? '');
}
