import { useI18n } from '../i18n/i18n.ts';
import { lastKnown, type ChartData, type Mark } from './chart-data.ts';
import type { ChartKind } from './chart-kinds.ts';
import { useChartTexts } from './chart-texts.ts';
import type { Point } from './chart.tsx';

interface ChartLegendProps {
  kind: ChartKind;
  data: ChartData;
  point: Point;
  otherName?: string | undefined;
}

/** Which line is which, and its value where the crosshair is, else the last one. */
export function ChartLegend({ kind, data, point, otherName }: ChartLegendProps) {
  const texts = useChartTexts();
  const { format } = useI18n();
  const valueOf = (values: readonly (number | null)[] | undefined) =>
    point.index === null ? lastKnown(values) : (values?.[point.index] ?? null);
  const at = point.index === null ? undefined : data.times[point.index];
  const mark = kind.withMarks ? markAt(data, point.seconds) : undefined;
  return (
    <span class="chart-legend">
      {kind.series.map(({ metric, color, form }) => (
        <span key={metric} class="chart-key">
          <span class={`chart-swatch is-${form}`} style={{ '--swatch': `var(--${color})` }} />
          {texts.series[metric]}{' '}
          <span class="number chart-value">
            {kind.text(format, valueOf(data.values.get(metric)))}
          </span>
          {otherName !== undefined && (
            <span class="number quiet">
              {' '}
              ({kind.text(format, valueOf(data.other?.get(metric)))})
            </span>
          )}
        </span>
      ))}
      <span class="chart-moment number quiet">
        {mark
          ? texts[mark.kind](mark.model)
          : at === undefined
            ? ''
            : format.moment(new Date(at * 1000).toISOString())}
      </span>
    </span>
  );
}

/** The one that the crosshair is about at. */
function markAt({ marks, from, to }: ChartData, seconds: number | null): Mark | undefined {
  if (seconds === null) return undefined;
  const near = (to - from) / 100;
  return marks.find((mark) => Math.abs(mark.seconds - seconds) <= near);
}
