import type { Counts, Rollup } from '@llm-monitor/contracts/redis';
import type { Figures } from '@llm-monitor/contracts/rest';
import { quantile } from '@llm-monitor/contracts/stats';

import { round } from '../round.ts';

/** Counts as the API shows them: seconds, percent, null where nothing is known. */
export function toFigures(rollup: Rollup): Figures {
  const { counts } = rollup;
  return {
    total_requests: counts.started,
    completed_requests: counts.completed,
    failed_requests: counts.failed,
    timeout_requests: counts.timeouts,
    cancelled_requests: counts.cancelled,
    success_rate: successRate(counts),
    avg_response_time: meanSeconds(counts.durationMs, counts.inferences) ?? 0,
    p50: quantileSeconds(rollup.durations, 0.5),
    p95: quantileSeconds(rollup.durations, 0.95),
    p99: quantileSeconds(rollup.durations, 0.99),
    time_to_first_token: meanSeconds(counts.firstTokenMs, counts.firstTokens),
    ttft_p50: quantileSeconds(rollup.firstTokens, 0.5),
    ttft_p95: quantileSeconds(rollup.firstTokens, 0.95),
    tokens_per_second: generationRate(counts),
    total_tokens: counts.outputTokens,
    input_tokens: counts.inputTokens,
    ...energyOf(counts),
  };
}

function energyOf(counts: Counts): Pick<Figures, 'energy_wh' | 'energy_calls'> {
  const wattHours = energyWh(counts);
  return wattHours === null ? {} : { energy_wh: wattHours, energy_calls: counts.energyCalls };
}

/** Of calls whose energy is known; null where there are none. */
export function energyWh({ energyJoules, energyCalls }: Counts): number | null {
  return energyCalls > 0 ? round(energyJoules / 3600, 3) : null;
}

/** 100 · completed / (completed + failed); null when there were none. */
export function successRate({ completed, failed }: Counts): number | null {
  const ended = completed + failed;
  return ended > 0 ? round((100 * completed) / ended, 2) : null;
}

export function meanSeconds(sumMs: number, count: number): number | null {
  return count > 0 ? round(sumMs / count / 1000, 3) : null;
}

export function quantileSeconds(buckets: ReadonlyMap<number, number>, q: number): number | null {
  const valueMs = quantile(buckets, q);
  return valueMs === null ? null : round(valueMs / 1000, 4);
}

/** Generated tokens a second of generation. */
export function generationRate({ generatedTokens, generationMs }: Counts): number | null {
  return generationMs > 0 ? round((generatedTokens * 1000) / generationMs, 2) : null;
}
