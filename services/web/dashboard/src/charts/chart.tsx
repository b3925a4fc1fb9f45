import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';

import { useApp } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import { useStore } from '../store/use-store.ts';
import { axisTimes } from './axis-times.ts';
import { linesOf, type ChartData } from './chart-data.ts';
import type { ChartKind } from './chart-kinds.ts';
import { ChartLegend } from './chart-legend.tsx';
import { ChartTable } from './chart-table.tsx';
import { useChartTexts } from './chart-texts.ts';
import { createPlot } from './create-plot.ts';
import { inTurn } from './in-turn.ts';

export interface ChartProps {
  kind: ChartKind;
  data: ChartData;
  /** who the pale lines are of */
  otherName?: string | undefined;
  /** what of it is shown, as the API takes it: `model=phi3` */
  filter: string;
  onZoom(fromSeconds: number, toSeconds: number): void;
}

/** One chart: drawn for those who see it, as a table for those who do not. */
export function Chart({ kind, data, otherName, filter, onZoom }: ChartProps) {
  const texts = useChartTexts();
  const [point, setPoint] = useState<Point>(NOWHERE);
  const lines = useMemo(() => linesOf(kind, data), [kind, data]);
  const area = usePlot({ kind, data, onZoom, otherName }, lines, setPoint);
  const isEmpty = lines.every((line) => line.every((value) => value === null));
  return (
    <figure class="chart" data-testid={`chart-${kind.id}`}>
      <figcaption class="chart-head">
        <span class="chart-title">{texts.charts[kind.id]}</span>
        <ChartLegend kind={kind} data={data} point={point} otherName={otherName} />
      </figcaption>
      <div class="chart-area" ref={area} aria-hidden="true" />
      {isEmpty && <p class="chart-nothing quiet">{texts.nothing}</p>}
      <ChartTable kind={kind} data={data} lines={lines} otherName={otherName} filter={filter} />
    </figure>
  );
}

/** What the crosshair stands at. */
export interface Point {
  index: number | null;
  seconds: number | null;
}
const NOWHERE: Point = { index: null, seconds: null };

function usePlot(
  { kind, data, onZoom, otherName }: Omit<ChartProps, 'filter'>,
  lines: readonly (readonly (number | null)[])[],
  onPoint: (point: Point) => void,
) {
  const { format, t, zone } = useI18n();
  const theme = useTheme();
  const area = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const aligned = [data.times, ...lines] as unknown as uPlot.AlignedData;
  const latest = useRef({ data, onZoom, aligned });
  latest.current = { data, onZoom, aligned };
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const { current: drawn } = plot;
      const width = element.clientWidth;
      if (drawn && width > 0 && width !== drawn.width) {
        drawn.setSize({ width, height: drawn.height });
      }
    });
    const callOff = inTurn(() => {
      plot.current = createPlot(element, latest.current.aligned, {
        ...{ kind, zone, withOther: otherName !== undefined },
        timeText: axisTimes(t.locale, zone),
        valueText: (value) => kind.text(format, value),
        span: () => [latest.current.data.from, latest.current.data.to],
        marks: () => (kind.withMarks ? latest.current.data.marks : []),
        onPoint: (index, seconds) => onPoint(index === null ? NOWHERE : { index, seconds }),
        onZoom: (from, to) => latest.current.onZoom(from, to),
      });
      observer.observe(element);
    });
    return () => {
      callOff();
      observer.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [kind, zone, t, theme, otherName]);
  useEffect(() => plot.current?.setData(aligned), [lines]);
  return area;
}

const DARK = '(prefers-color-scheme: dark)';

/** Whether colours have changed: a canvas keeps those that it was drawn in. */
function useTheme(): string {
  const { preferences } = useApp();
  const chosen = useStore(preferences, ({ theme }) => theme);
  const [isDark, setDark] = useState(() => matchMedia(DARK).matches);
  useEffect(() => {
    const query = matchMedia(DARK);
    const tell = () => setDark(query.matches);
    query.addEventListener('change', tell);
    return () => query.removeEventListener('change', tell);
  }, []);
  return chosen === 'system' ? `system-${isDark}` : chosen;
}
