import type { RequestEndedData, RequestStartedData } from '@llm-monitor/contracts/events';
import type { StoredRecord } from '@llm-monitor/contracts/redis';

import type { RequestEvent } from './parse-event.ts';

type Fields = Omit<StoredRecord, 'bits'>;

const IDENTITY = [
  'model',
  'instance',
  'host',
  'provider',
  'operation',
  'stream',
  'logicalId',
  'sessionId',
  'userId',
  'tags',
  'traceparent',
  'demo',
] as const satisfies readonly (keyof Fields)[];

const REQUEST = [
  'serverAddress',
  'serverPort',
  'parameters',
  'promptChars',
  'promptPreview',
  'prompt',
  'promptTruncated',
  'imageCount',
  'imageBytes',
  'toolNames',
  'timeoutMs',
  'keepAlive',
] as const satisfies readonly (keyof Fields)[];

const RESULT = [
  'outcome',
  'cancelledBy',
  'durationMs',
  'ttftMs',
  'finishReason',
  'usage',
  'ollama',
  'chunks',
  'outputChars',
  'responsePreview',
  'response',
  'responseTruncated',
  'error',
] as const satisfies readonly (keyof Fields)[];

/** Who called whom, what was asked and since when. Every event repeats at least a part of it. */
export function askedFields(event: RequestEvent): Fields {
  // One object that grows, and not a spread: V8 is many times slower at spreading so many fields.
  const fields: Fields = { startedAtMs: event.startedAtMs };
  pickInto(fields, event.data, IDENTITY);
  pickInto(fields, event.data as RequestStartedData, REQUEST);
  return fields;
}

/** How a call ended, and when. */
export function endedFields(data: RequestEndedData, atMs: number): Fields {
  const fields: Fields = { endedAtMs: atMs };
  pickInto(fields, data, RESULT);
  if (fields.durationMs !== undefined) fields.durationMs = roundTo(fields.durationMs);
  if (fields.ttftMs !== undefined) fields.ttftMs = roundTo(fields.ttftMs);
  return fields;
}

/** Three decimals are microseconds: more would only take room. */
function roundTo(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function pickInto<K extends string>(
  into: Partial<Record<K, unknown>>,
  from: Partial<Record<K, unknown>>,
  names: readonly K[],
): void {
  for (const name of names) {
    if (from[name] !== undefined) into[name] = from[name];
  }
}
