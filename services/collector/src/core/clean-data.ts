import {
  cutText,
  OllamaDurations,
  Parameters,
  RequestError,
  Usage,
  type RequestEndedData,
} from '@llm-monitor/contracts/events';

/** Leaves of a valid event what is kept of it. Producers see to that themselves; a collector does again, since anyone may publish. */
export function cleanData(data: RequestEndedData): void {
  keepKnownFields(data);
  cutPreviews(data);
  roundTimes(data);
}

const NESTED = {
  parameters: Object.keys(Parameters.properties),
  usage: Object.keys(Usage.properties),
  ollama: Object.keys(OllamaDurations.properties),
  error: Object.keys(RequestError.properties),
} as const;

/** What is kept of the nested parts is what the schema knows: the rest may be of any size and depth. */
function keepKnownFields(data: RequestEndedData): void {
  const parts = data as unknown as Record<string, Record<string, unknown> | undefined>;
  for (const part in NESTED) {
    const given = parts[part];
    if (given === undefined) continue;
    const kept: Record<string, unknown> = {};
    for (const name of NESTED[part as keyof typeof NESTED]) {
      if (given[name] !== undefined) kept[name] = given[name];
    }
    parts[part] = kept;
  }
}

/** Three decimals are microseconds: more would only take room. */
function roundTimes(data: Partial<RequestEndedData>): void {
  if (data.durationMs !== undefined) data.durationMs = roundTo(data.durationMs);
  if (data.ttftMs !== undefined) data.ttftMs = roundTo(data.ttftMs);
}

function roundTo(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function cutPreviews(data: RequestEndedData): void {
  if (data.promptPreview !== undefined) data.promptPreview = cutText(data.promptPreview);
  if (data.responsePreview !== undefined) data.responsePreview = cutText(data.responsePreview);
}
