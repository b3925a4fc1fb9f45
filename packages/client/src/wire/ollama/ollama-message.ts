import type { OllamaDurations } from '@llm-monitor/contracts/events';

import type { CallResult } from '../../call/call-result.ts';
import { cleanMessage } from '../../call/describe-error.ts';
import { known } from '../../call/known.ts';
import { count, isObject, text, type JsonObject } from '../json-fields.ts';
import type { Piece } from '../wire-format.ts';

const A_YEAR_NS = 366 * 86_400 * 1e9;

/** Reads one message of an answer: a line of a stream, or the one object that answers without streaming. */
export function readOllamaMessage(value: unknown, atMs: number): Piece {
  const message = value as JsonObject;
  if (typeof message['error'] === 'string') {
    const error = { type: 'Error', message: cleanMessage(message['error']) };
    return { chars: 0, text: '', isOutput: false, atMs, end: { outcome: 'error', error } };
  }
  const said = isObject(message['message']) ? message['message'] : message;
  const content = text(said['content']) ?? text(message['response']) ?? '';
  const thinking = text(said['thinking']) ?? '';
  const toolCalls = said['tool_calls'];
  const isLast = message['done'] === true || message['status'] === 'success';
  return {
    chars: content.length + thinking.length,
    text: content,
    thinking,
    isOutput:
      content !== '' || thinking !== '' || (Array.isArray(toolCalls) && toolCalls.length > 0),
    atMs,
    end: isLast ? { outcome: 'completed', ...readOllamaNumbers(message) } : undefined,
  };
}

type Numbers = Pick<CallResult, 'finishReason' | 'inputTokens' | 'outputTokens' | 'ollama'>;

/** The counts and durations of a final line. What is missing stays unknown. */
export function readOllamaNumbers(message: JsonObject): Numbers {
  const ollama = known<OllamaDurations>({
    totalDurationNs: count(message['total_duration'], A_YEAR_NS),
    loadDurationNs: count(message['load_duration'], A_YEAR_NS),
    promptEvalDurationNs: count(message['prompt_eval_duration'], A_YEAR_NS),
    evalDurationNs: count(message['eval_duration'], A_YEAR_NS),
  });
  return known<Numbers>({
    finishReason: text(message['done_reason'])?.slice(0, 256),
    inputTokens: tokens(message['prompt_eval_count']),
    outputTokens: tokens(message['eval_count']),
    ollama: Object.keys(ollama).length > 0 ? ollama : undefined,
  });
}

function tokens(value: unknown): number | undefined {
  return Number.isInteger(value) ? count(value) : undefined;
}
