import type { Format } from '../format/format.ts';
import type { ChartTexts } from './chart-texts.ts';

export type SeriesName = keyof ChartTexts['series'];

/** One line or row of bars. Told apart by its stroke as well as by its colour. */
export interface SeriesKind {
  metric: SeriesName;
  /** custom property of the stylesheet */
  color: 'blue' | 'green' | 'orange' | 'vermillion' | 'purple' | 'grey';
  form: 'line' | 'dashed' | 'dotted' | 'bars' | 'steps';
}

/** What one chart shows. */
export interface ChartKind {
  id: keyof ChartTexts['charts'];
  series: readonly SeriesKind[];
  text: (format: Format, value: number | null) => string;
  /** percent, so that the axis is the same everywhere */
  highest?: number;
  /** between the lines of its axis, where powers of ten would not be round to people */
  steps?: readonly number[];
  withMarks?: boolean;
}

const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 1e2, 2e2, 5e2, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6];
const BYTE_STEPS = Array.from({ length: 24 }, (_, i) => 2 ** (20 + i));
/** Round in minutes and hours, too. */
const SECOND_STEPS = [
  ...[1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30],
  ...[1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1440, 2880, 7200, 14_400].map(
    (minutes) => minutes * 60,
  ),
];

const count: ChartKind['text'] = (format, value) => format.count(value);
const seconds: ChartKind['text'] = (format, value) => format.duration(value);

/** Of calls, in all or of one model, app or host. */
export const CALL_CHARTS: readonly ChartKind[] = [
  {
    id: 'calls',
    series: [
      { metric: 'requests', color: 'blue', form: 'bars' },
      { metric: 'failed', color: 'vermillion', form: 'bars' },
    ],
    text: count,
    steps: WHOLE_STEPS,
  },
  {
    id: 'active',
    series: [{ metric: 'active', color: 'purple', form: 'steps' }],
    text: count,
    steps: WHOLE_STEPS,
  },
  {
    id: 'response',
    series: [
      { metric: 'p50', color: 'blue', form: 'line' },
      { metric: 'p95', color: 'orange', form: 'dashed' },
      { metric: 'p99', color: 'vermillion', form: 'dotted' },
    ],
    text: seconds,
    steps: SECOND_STEPS,
  },
  {
    id: 'firstToken',
    series: [
      { metric: 'ttft_p50', color: 'blue', form: 'line' },
      { metric: 'ttft_p95', color: 'orange', form: 'dashed' },
    ],
    text: seconds,
    steps: SECOND_STEPS,
  },
  {
    id: 'rate',
    series: [{ metric: 'tokens_per_second', color: 'green', form: 'line' }],
    text: (format, value) => format.rate(value),
  },
  {
    id: 'tokens',
    series: [
      { metric: 'output_tokens', color: 'green', form: 'bars' },
      { metric: 'input_tokens', color: 'purple', form: 'dashed' },
    ],
    text: count,
  },
];

/** Of machines. */
export const HOST_CHARTS: readonly ChartKind[] = [
  {
    id: 'machine',
    series: [
      { metric: 'cpu_percent', color: 'blue', form: 'line' },
      { metric: 'memory_percent', color: 'purple', form: 'dashed' },
      { metric: 'gpu_percent', color: 'green', form: 'dotted' },
    ],
    text: (format, value) => format.percent(value),
    highest: 100,
  },
  {
    id: 'memory',
    series: [
      { metric: 'models_memory_bytes', color: 'blue', form: 'steps' },
      { metric: 'models_vram_bytes', color: 'green', form: 'dashed' },
      { metric: 'vram_used_bytes', color: 'orange', form: 'dotted' },
    ],
    text: (format, value) => format.bytes(value),
    steps: BYTE_STEPS,
    withMarks: true,
  },
];

export function metricsOf(charts: readonly ChartKind[]): string {
  return charts.flatMap(({ series }) => series.map(({ metric }) => metric)).join(',');
}
