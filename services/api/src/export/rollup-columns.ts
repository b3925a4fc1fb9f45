import { quantile } from '@llm-monitor/contracts/stats';
import type { RollupRow } from '@llm-monitor/read-model';

import type { Column } from './export-formats.ts';

const toSeconds = (ms: number | null): number | null =>
  ms === null ? null : Math.round(ms) / 1000;
const ofDuration = (q: number) => (row: RollupRow) => toSeconds(quantile(row.rollup.durations, q));
const ofFirstToken = (q: number) => (row: RollupRow) =>
  toSeconds(quantile(row.rollup.firstTokens, q));

/** What a table of rollups has in its columns: sums, that can be added up, and percentiles, that cannot. */
export const ROLLUP_COLUMNS: readonly Column<RollupRow>[] = [
  ['start', ({ startMs }) => new Date(startMs).toISOString()],
  ['step', ({ stepSeconds }) => stepSeconds],
  ['model', ({ of }) => of.model],
  ['app', ({ of }) => of.app],
  ['host', ({ of }) => of.host || null],
  ['demo', ({ of }) => of.demo],
  ['started', ({ rollup }) => rollup.counts.started],
  ['completed', ({ rollup }) => rollup.counts.completed],
  ['failed', ({ rollup }) => rollup.counts.failed],
  ['timeouts', ({ rollup }) => rollup.counts.timeouts],
  ['cancelled', ({ rollup }) => rollup.counts.cancelled],
  ['input_tokens', ({ rollup }) => rollup.counts.inputTokens],
  ['output_tokens', ({ rollup }) => rollup.counts.outputTokens],
  ['inferences', ({ rollup }) => rollup.counts.inferences],
  ['duration_sum', ({ rollup }) => rollup.counts.durationMs / 1000],
  ['first_tokens', ({ rollup }) => rollup.counts.firstTokens],
  ['time_to_first_token_sum', ({ rollup }) => rollup.counts.firstTokenMs / 1000],
  ['generated_tokens', ({ rollup }) => rollup.counts.generatedTokens],
  ['generation_sum', ({ rollup }) => rollup.counts.generationMs / 1000],
  ['duration_p50', ofDuration(0.5)],
  ['duration_p95', ofDuration(0.95)],
  ['duration_p99', ofDuration(0.99)],
  ['ttft_p50', ofFirstToken(0.5)],
  ['ttft_p95', ofFirstToken(0.95)],
  ['ttft_p99', ofFirstToken(0.99)],
];
