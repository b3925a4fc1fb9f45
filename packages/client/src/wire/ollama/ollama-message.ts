import type { OllamaDurations } from '@llm-monitor/contracts/events';

import type { CallResult } from '../../call/call-result.ts';
import { cleanMessage } from '../../call/describe-error.ts';
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
    end: isLast ? completed(message) : undefined,
  };
}

/** The text of a message that brings nothing else; empty for any other. */
export function plainOllamaText(value: unknown): string {
  const message = value as JsonObject;
  const { done, message: inner, error, status } = message;
  if (done !== false || error !== undefined || status !== undefined) return '';
  const said = isObject(inner) ? inner : message;
  if (said['thinking'] !== undefined || said['tool_calls'] !== undefined) return '';
  return text(said['content']) ?? text(message['response']) ?? '';
}

/** With the counts and durations of a final line, read field by field since it is on the path of a call. What is missing stays unknown. */
function completed(message: JsonObject): Omit<CallResult, 'atMs'> {
  const finishReason = text(message['done_reason'])?.slice(0, 256);
  const inputTokens = tokens(message['prompt_eval_count']);
  const outputTokens = tokens(message['eval_count']);
  const ollama = durationsOf(message);
  const end: Omit<CallResult, 'atMs'> = { outcome: 'completed' };
  if (finishReason !== undefined) end.finishReason = finishReason;
  if (inputTokens !== undefined) end.inputTokens = inputTokens;
  if (outputTokens !== undefined) end.outputTokens = outputTokens;
  if (ollama) end.ollama = ollama;
  return end;
}

function durationsOf(message: JsonObject): OllamaDurations | undefined {
  const totalDurationNs = count(message['total_duration'], A_YEAR_NS);
  const loadDurationNs = count(message['load_duration'], A_YEAR_NS);
  const promptEvalDurationNs = count(message['prompt_eval_duration'], A_YEAR_NS);
  const evalDurationNs = count(message['eval_duration'], A_YEAR_NS);
  const durations: OllamaDurations = {};
  if (totalDurationNs !== undefined) durations.totalDurationNs = totalDurationNs;
  if (loadDurationNs !== undefined) durations.loadDurationNs = loadDurationNs;
  if (promptEvalDurationNs !== undefined) durations.promptEvalDurationNs = promptEvalDurationNs;
  if (evalDurationNs !== undefined) durations.evalDurationNs = evalDurationNs;
  return Object.keys(durations).length > 0 ? durations : undefined;
}

function tokens(value: unknown): number | undefined {
  return Number.isInteger(value) ? count(value) : undefined;
}
