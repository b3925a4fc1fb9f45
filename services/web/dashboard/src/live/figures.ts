import type { Phase } from '@llm-monitor/contracts/events';
import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';

/** Calls that run no model: they say nothing about response times. */
const WITHOUT_INFERENCE: ReadonlySet<string> = new Set([
  'load',
  'unload',
  'pull',
  'push',
  'create',
]);

export function countByPhase(
  calls: Iterable<ActiveRequest>,
  shownPhase: (phase: Phase) => Phase,
): ReadonlyMap<Phase, number> {
  const counts = new Map<Phase, number>();
  for (const call of calls) {
    const phase = shownPhase(call.phase);
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return counts;
}

export function countByModel(calls: Iterable<ActiveRequest>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { model } of calls) counts.set(model, (counts.get(model) ?? 0) + 1);
  return counts;
}

export function countByApp(calls: Iterable<ActiveRequest>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { app } of calls) counts.set(app, (counts.get(app) ?? 0) + 1);
  return counts;
}

/** seconds; null where no inference was completed: of nothing the API says a mean of 0 */
export function meanOf(figures: { avg_response_time: number; p95: number | null }): number | null {
  return figures.p95 === null ? null : figures.avg_response_time;
}

/** Names one process of an app. */
export function instanceKey(app: string, instance: string | null): string {
  return `${app} ${instance ?? ''}`;
}

export function countByInstance(calls: Iterable<ActiveRequest>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { app, instance } of calls) {
    const key = instanceKey(app, instance);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

export interface Throughput {
  /** tokens/s of all generating calls; 0 when none generates, null when none of them has told its rate */
  tokensPerSecond: number | null;
  generating: number;
}

export function throughputOf(
  calls: Iterable<ActiveRequest>,
  rateOf: (call: ActiveRequest) => number | null,
): Throughput {
  let generating = 0;
  let sum: number | null = null;
  for (const call of calls) {
    if (call.phase !== 'generating') continue;
    generating++;
    const rate = rateOf(call);
    if (rate !== null) sum = (sum ?? 0) + rate;
  }
  return { generating, tokensPerSecond: generating === 0 ? 0 : sum };
}

/** Percentiles of a small sample, with its size; null when it is empty. */
export interface Sample {
  n: number;
  p50: number;
  p95: number;
}

export function sampleOf(values: readonly number[]): Sample | null {
  const ordered = [...values].sort((a, b) => a - b);
  // Nearest rank: an observed value, never one between two.
  const at = (q: number) => ordered[Math.max(0, Math.ceil(q * ordered.length) - 1)];
  const p50 = at(0.5);
  const p95 = at(0.95);
  return p50 === undefined || p95 === undefined ? null : { n: ordered.length, p50, p95 };
}

export function responseTimes(recent: readonly EndedRequest[]): number[] {
  return completedInferences(recent).map((call) => call.duration);
}

export function firstTokenTimes(recent: readonly EndedRequest[]): number[] {
  return completedInferences(recent).flatMap((call) => call.time_to_first_token ?? []);
}

function completedInferences(recent: readonly EndedRequest[]): EndedRequest[] {
  return recent.filter(
    (call) => call.status === 'completed' && !WITHOUT_INFERENCE.has(call.operation ?? ''),
  );
}
