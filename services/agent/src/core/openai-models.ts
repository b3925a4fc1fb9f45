import type { ListedModel } from '@llm-monitor/contracts/events';

const MAX_LISTED = 1000;

/** The answer of `GET /v1/models` in the words of the bus. Whatever else a server says there, a model has an id. */
export function openAiModels(answer: unknown): ListedModel[] {
  const { data } = (answer ?? {}) as { data?: unknown };
  if (!Array.isArray(data)) return [];
  return (data as unknown[]).slice(0, MAX_LISTED).flatMap((entry): ListedModel | [] => {
    const { id, meta } = (entry ?? {}) as { id?: unknown; meta?: { size?: unknown } | null };
    if (typeof id !== 'string' || id === '') return [];
    // llama.cpp gives the size of its file.
    const size = meta?.size;
    const sizeBytes = typeof size === 'number' && size >= 0 ? size : null;
    return {
      name: id.slice(0, 256),
      sizeBytes,
      family: null,
      parameterSize: null,
      quantization: null,
    };
  });
}
