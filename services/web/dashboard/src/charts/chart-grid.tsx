import { useSpanChange } from './span-picker.tsx';
import type { ChartData } from './chart-data.ts';
import type { ChartKind } from './chart-kinds.ts';
import { Chart } from './chart.tsx';

interface ChartGridProps {
  charts: readonly ChartKind[];
  /** null: their places are kept */
  data: ChartData | null;
  otherName?: string | undefined;
  /** what of it is shown, as the API takes it: `model=phi3` */
  filter: string;
}

/** Charts over one time; a drag across one narrows it for all. */
export function ChartGrid({ charts, data, otherName, filter }: ChartGridProps) {
  const change = useSpanChange();
  const zoom = (from: number, to: number) => {
    const iso = (seconds: number) => new Date(Math.round(seconds) * 1000).toISOString();
    // Less than a few steps is nothing to look at.
    if (data && to - from >= data.step / 2) change({ from: iso(from), to: iso(to) });
  };
  return (
    <div class="charts">
      {charts.map((kind) =>
        data ? (
          <Chart key={kind.id} {...{ kind, data, otherName, filter }} onZoom={zoom} />
        ) : (
          <div key={kind.id} class="chart is-waiting">
            <span class="skeleton is-short" />
          </div>
        ),
      )}
    </div>
  );
}
