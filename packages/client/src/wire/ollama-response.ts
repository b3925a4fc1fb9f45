import type { OllamaDurations } from '@llm-monitor/contracts/events';

import { cleanMessage } from '../call/describe-error.ts';
import type { CallResult } from '../call/call-result.ts';
import type { CallTracker } from '../call/call-tracker.ts';
import { known } from '../call/known.ts';
import { count, isObject, parseObject, text, type JsonObject } from './json-fields.ts';
import { createLineSplitter } from './line-splitter.ts';
import { createTextCollector } from './text-collector.ts';
import type { BodyReader, ResponseHead } from './wire-format.ts';

/** What ollama-js says when a stream ends without its last line. */
const NO_FINAL_LINE = 'Did not receive done or success response in stream.';

/** Reads a streamed answer line by line. The call ends at its final line: ollama-js never reads further. */
export function createOllamaStreamReader(tracker: CallTracker): BodyReader {
  let arrivedMs = 0;
  const splitter = createLineSplitter((line) => {
    const message = parseObject(line);
    if (message) readMessage(message, tracker, arrivedMs);
  });
  return {
    chunk(bytes, atMs) {
      arrivedMs = atMs;
      splitter.add(bytes);
      tracker.progress(atMs);
    },
    end(atMs) {
      arrivedMs = atMs;
      splitter.end();
      const error = { type: 'Error', message: NO_FINAL_LINE };
      tracker.end({ outcome: 'incomplete', error, atMs });
    },
  };
}

/** Reads an answer that is one JSON object, or a refusal. */
export function createOllamaObjectReader(head: ResponseHead, tracker: CallTracker): BodyReader {
  const collector = createTextCollector();
  return {
    chunk: (bytes) => collector.add(bytes),
    end(atMs) {
      const body = collector.text();
      if (!head.ok) tracker.end({ ...refusal(head, body), atMs });
      else if (collector.complete) readWhole(body, tracker, atMs);
      else tracker.end({ outcome: 'completed', atMs, ...numbersOf(numbersInTail(body)) });
    },
  };
}

/** The result of a call that the server refused, in the words that ollama-js throws. */
function refusal(head: ResponseHead, body: string): Omit<CallResult, 'atMs'> {
  const isJson = head.contentType.includes('application/json');
  const said = isJson ? text(parseObject(body)?.['error']) : text(body);
  const message = cleanMessage(said ?? `Error ${head.status}: ${head.statusText}`);
  return { outcome: 'error', error: { type: 'ResponseError', message, status: head.status } };
}

function readWhole(body: string, tracker: CallTracker, atMs: number): void {
  try {
    const message: unknown = JSON.parse(body);
    if (isObject(message))
      readMessage({ ...message, done: message['done'] ?? true }, tracker, atMs);
    else tracker.end({ outcome: 'completed', atMs });
  } catch (error) {
    // The app gets this error too: its client parses the same text.
    const reason = cleanMessage(error instanceof Error ? error.message : String(error));
    tracker.end({ outcome: 'error', error: { type: 'SyntaxError', message: reason }, atMs });
  }
}

function readMessage(message: JsonObject, tracker: CallTracker, atMs: number): void {
  if (typeof message['error'] === 'string') {
    const error = { type: 'Error', message: cleanMessage(message['error']) };
    tracker.end({ outcome: 'error', error, atMs });
    return;
  }
  const said = isObject(message['message']) ? message['message'] : message;
  const content = text(said['content']) ?? text(message['response']) ?? '';
  const thinking = text(said['thinking']) ?? '';
  const toolCalls = said['tool_calls'];
  const callsTools = Array.isArray(toolCalls) && toolCalls.length > 0;
  if (content || thinking || callsTools) {
    tracker.output({ chars: content.length + thinking.length, text: content }, atMs);
  }
  if (message['done'] !== true && message['status'] !== 'success') return;
  tracker.end({ outcome: 'completed', atMs, ...numbersOf(message) });
}

type Numbers = Pick<CallResult, 'finishReason' | 'inputTokens' | 'outputTokens' | 'ollama'>;

function numbersOf(message: JsonObject): Numbers {
  const ollama = known<OllamaDurations>({
    totalDurationNs: count(message['total_duration']),
    loadDurationNs: count(message['load_duration']),
    promptEvalDurationNs: count(message['prompt_eval_duration']),
    evalDurationNs: count(message['eval_duration']),
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

/** The numbers at the end of an object that was too long to keep whole: an embedding of a large input. */
function numbersInTail(tail: string): JsonObject {
  const found: JsonObject = {};
  for (const [, name, digits] of tail.matchAll(/"([a-z_]+)":\s*(\d+)\s*[,}]/g)) {
    if (name) found[name] = Number(digits);
  }
  return found;
}
