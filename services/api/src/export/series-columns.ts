import type { Trends } from '@llm-monitor/contracts/rest';

import type { Column } from './export-formats.ts';

/** A step of a series: when it begins, and the values of all metrics in their order. */
interface SeriesStep {
  startMs: number;
  values: readonly (number | null)[];
}

export function seriesColumns(metrics: readonly string[]): Column<SeriesStep>[] {
  return [
    ['start', ({ startMs }) => new Date(startMs).toISOString()],
    ...metrics.map((metric, i): Column<SeriesStep> => [metric, ({ values }) => values[i]]),
  ];
}

/** The steps of trends, oldest first. */
export function seriesSteps({ start, step, series }: Trends): SeriesStep[] {
  const firstMs = Date.parse(start);
  return (series[0]?.values ?? []).map((_, i) => ({
    startMs: firstMs + i * step * 1000,
    values: series.map(({ values }) => values[i] ?? null),
  }));
}
