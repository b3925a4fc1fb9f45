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

import { addCount, type Fields } from './tally.ts';

const F = COUNT_FIELDS;

/** Adds what an end counts for its model, app and host. Whole numbers, so that sums are the same in any order. */
export function addEnd(to: Fields, data: RequestEndedData): void {
  addOutcome(to, data.outcome, 1);
  const { inputTokens, outputTokens } = data.usage ?? {};
  if (inputTokens) addCount(to, F.inputTokens, inputTokens);
  if (outputTokens) addCount(to, F.outputTokens, outputTokens);
  if (data.outcome === 'completed' && isInference(data)) addLatencies(to, data);
}

/** Adds what an end counts for the lifetime of its model, app and host beside {@link addEnd}: distributions that only counters need. */
export function addLifetime(to: Fields, data: RequestEndedData): void {
  addCount(to, providerField(data.provider), 1);
  const { inputTokens, outputTokens } = data.usage ?? {};
  if (inputTokens !== undefined) addCount(to, inputTokensField(tokenBucketOf(inputTokens)), 1);
  if (outputTokens === undefined) return;
  addCount(to, outputTokensField(tokenBucketOf(outputTokens)), 1);
  const generationMs = data.ttftMs === undefined ? 0 : data.durationMs - data.ttftMs;
  if (data.outcome !== 'completed' || !isInference(data) || outputTokens < 2 || generationMs <= 0) {
    return;
  }
  const perTokenMs = generationMs / (outputTokens - 1);
  addCount(to, perTokenField(bucketOf(perTokenMs)), 1);
  addCount(to, PER_TOKEN_SUM_FIELD, Math.round(perTokenMs * 1000));
}

/** Adds an outcome, or takes it back where a call that seemed orphaned ends after all. */
export function addOutcome(to: Fields, outcome: Outcome, sign: 1 | -1): void {
  if (outcome === 'completed') addCount(to, F.completed, sign);
  else if (outcome === 'cancelled' || outcome === 'abandoned') addCount(to, F.cancelled, sign);
  else {
    addCount(to, F.failed, sign);
    if (outcome === 'timeout') addCount(to, F.timeouts, sign);
  }
}

function isInference(data: RequestEndedData): boolean {
  return !OPERATIONS_WITHOUT_INFERENCE.has(data.operation ?? '');
}

function addLatencies(to: Fields, data: RequestEndedData): void {
  addCount(to, F.inferences, 1);
  addCount(to, F.durationMs, Math.round(data.durationMs));
  addCount(to, durationField(bucketOf(data.durationMs)), 1);
  if (data.ttftMs !== undefined) {
    addCount(to, F.firstTokens, 1);
    addCount(to, F.firstTokenMs, Math.round(data.ttftMs));
    addCount(to, firstTokenField(bucketOf(data.ttftMs)), 1);
  }
  const generationMs = readGenerationMs(data);
  const outputTokens = data.usage?.outputTokens;
  if (outputTokens && generationMs !== undefined && generationMs > 0) {
    addCount(to, F.generatedTokens, outputTokens);
    addCount(to, F.generationMs, generationMs);
  }
}

/** The server's own time of generation, else the time from the first token to the end. */
function readGenerationMs(data: RequestEndedData): number | undefined {
  const evalNs = data.ollama?.evalDurationNs;
  if (evalNs) return Math.round(evalNs / 1e6);
  return data.ttftMs === undefined ? undefined : Math.round(data.durationMs - data.ttftMs);
}
