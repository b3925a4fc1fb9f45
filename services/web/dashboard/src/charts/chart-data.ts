import type { Trends } from '@llm-monitor/contracts/rest';

import type { ChartKind } from './chart-kinds.ts';

/** A model that came into memory or left it. */
export interface Mark {
  /** s since 1970 */
  seconds: number;
  kind: 'loaded' | 'unloaded';
  host: string;
  model: string;
}

export type Values = readonly (number | null)[];

/** What charts are drawn from. */
export interface ChartData {
  /** starts of the steps, s since 1970 */
  times: readonly number[];
  /** s since 1970 */
  from: number;
  to: number;
  step: number;
  values: ReadonlyMap<string, Values>;
  /** what it is compared with, at the same steps */
  other: ReadonlyMap<string, Values> | null;
  marks: readonly Mark[];
}

/** @param other of another model or app, over the same time */
export function chartData(trends: Trends, other: Trends | null = null): ChartData {
  const startSeconds = Date.parse(trends.start) / 1000;
  const { step } = trends;
  const times = (trends.series[0]?.values ?? []).map((_, i) => startSeconds + i * step);
  return {
    times,
    ...{ from: startSeconds, to: startSeconds + times.length * step, step },
    values: valuesOf(trends),
    other: other && valuesOf(other),
    marks: trends.marks.map(({ at, ...mark }) => ({ ...mark, seconds: Date.parse(at) / 1000 })),
  };
}

/** Of trends that begin one length earlier: the later half, compared with the earlier one. */
export function comparedWithBefore(trends: Trends, spanSeconds: number): ChartData {
  const whole = chartData(trends);
  const count = Math.min(Math.round(spanSeconds / trends.step), Math.floor(whole.times.length / 2));
  const part = (from: number, to?: number) =>
    new Map([...whole.values].map(([metric, values]) => [metric, values.slice(from, to)]));
  const times = whole.times.slice(-count);
  return {
    ...whole,
    times,
    from: times[0] ?? whole.from,
    values: part(-count),
    other: part(-2 * count, -count),
  };
}

function valuesOf({ series }: Trends): Map<string, Values> {
  return new Map(series.map(({ metric, values }) => [metric, values]));
}

/** The lines of one chart, those of what it is compared with behind them. */
export function linesOf({ series }: ChartKind, data: ChartData): Values[] {
  const lines = (from: ChartData['values']) =>
    series.map(({ metric }) => from.get(metric) ?? data.times.map(() => null));
  return [...lines(data.values), ...(data.other ? lines(data.other) : [])];
}

/** Places of values without a neighbour: no line leads to them. */
export function lonePlaces(values: Values): number[] {
  const isKnown = (i: number) => (values[i] ?? null) !== null;
  return values.flatMap((_, i) => (isKnown(i) && !isKnown(i - 1) && !isKnown(i + 1) ? [i] : []));
}

/** The last value that is known; the last step is often not over yet. */
export function lastKnown(values: Values | undefined): number | null {
  return values?.findLast((value) => value !== null) ?? null;
}
