import {
  OPERATIONS_WITHOUT_INFERENCE,
  type Outcome,
  type RequestEndedData,
} from '@llm-monitor/contracts/events';
import {
  COUNT_FIELDS,
  durationField,
  firstTokenField,
  inputTokensField,
  outputTokensField,
  PER_TOKEN_SUM_FIELD,
  perTokenField,
  providerField,
} from '@llm-monitor/contracts/redis';
import { bucketOf, tokenBucketOf } from '@llm-monitor/contracts/stats';

import type { Additions } from './tally.ts';

const F = COUNT_FIELDS;

/** What an end adds to the counts of its model, app and host. Whole numbers, so that sums are the same in any order. */
export function endCounts(data: RequestEndedData): Additions {
  const additions = outcomeCounts(data.outcome);
  const { inputTokens, outputTokens } = data.usage ?? {};
  if (inputTokens) additions[F.inputTokens] = inputTokens;
  if (outputTokens) additions[F.outputTokens] = outputTokens;
  if (data.outcome === 'completed' && isInference(data)) addLatencies(additions, data);
  return additions;
}

/** What an end adds to the lifetime of its model, app and host beside {@link endCounts}: distributions that only counters need. */
export function lifetimeCounts(data: RequestEndedData): Additions {
  const additions: Additions = { [providerField(data.provider)]: 1 };
  const { inputTokens, outputTokens } = data.usage ?? {};
  if (inputTokens !== undefined) additions[inputTokensField(tokenBucketOf(inputTokens))] = 1;
  if (outputTokens === undefined) return additions;
  additions[outputTokensField(tokenBucketOf(outputTokens))] = 1;
  const generationMs = data.ttftMs === undefined ? 0 : data.durationMs - data.ttftMs;
  if (data.outcome !== 'completed' || !isInference(data) || outputTokens < 2 || generationMs <= 0) {
    return additions;
  }
  const perTokenMs = generationMs / (outputTokens - 1);
  additions[perTokenField(bucketOf(perTokenMs))] = 1;
  additions[PER_TOKEN_SUM_FIELD] = Math.round(perTokenMs * 1000);
  return additions;
}

/** What an outcome adds. Also what must be taken back when a call that seemed orphaned ends after all. */
export function outcomeCounts(outcome: Outcome): Additions {
  if (outcome === 'completed') return { [F.completed]: 1 };
  if (outcome === 'cancelled' || outcome === 'abandoned') return { [F.cancelled]: 1 };
  if (outcome === 'timeout') return { [F.failed]: 1, [F.timeouts]: 1 };
  return { [F.failed]: 1 };
}

function isInference(data: RequestEndedData): boolean {
  return !OPERATIONS_WITHOUT_INFERENCE.has(data.operation ?? '');
}

function addLatencies(additions: Additions, data: RequestEndedData): void {
  const durationMs = Math.round(data.durationMs);
  additions[F.inferences] = 1;
  additions[F.durationMs] = durationMs;
  additions[durationField(bucketOf(data.durationMs))] = 1;
  if (data.ttftMs !== undefined) {
    additions[F.firstTokens] = 1;
    additions[F.firstTokenMs] = Math.round(data.ttftMs);
    additions[firstTokenField(bucketOf(data.ttftMs))] = 1;
  }
  const generationMs = readGenerationMs(data);
  const outputTokens = data.usage?.outputTokens;
  if (outputTokens && generationMs !== undefined && generationMs > 0) {
    additions[F.generatedTokens] = outputTokens;
    additions[F.generationMs] = generationMs;
  }
}

/** The server's own time of generation, else the time from the first token to the end. */
function readGenerationMs(data: RequestEndedData): number | undefined {
  const evalNs = data.ollama?.evalDurationNs;
  if (evalNs) return Math.round(evalNs / 1e6);
  return data.ttftMs === undefined ? undefined : Math.round(data.durationMs - data.ttftMs);
}
