import type { ListedModel, LoadedModel } from '@llm-monitor/contracts/events';

// The ollama package types dates as Date and every field as present; the wire has strings, and old servers lack fields.

/** An entry of `GET /api/tags`, as far as servers keep to it. */
export interface TagsEntry {
  name: string;
  size?: number | undefined;
  details?: { family?: string; parameter_size?: string; quantization_level?: string } | undefined;
}

/** An entry of `GET /api/ps`. */
export interface PsEntry {
  name: string;
  size?: number | undefined;
  size_vram?: number | undefined;
  expires_at?: string | Date | undefined;
  context_length?: number | undefined;
}

const MAX_LISTED = 1000;
const MAX_LOADED = 100;

/** `GET /api/tags` in the words of the bus. */
export function listedModels(entries: readonly TagsEntry[]): ListedModel[] {
  return entries.slice(0, MAX_LISTED).map((entry) => ({
    name: entry.name,
    sizeBytes: entry.size ?? null,
    family: entry.details?.family || null,
    parameterSize: entry.details?.parameter_size || null,
    quantization: entry.details?.quantization_level || null,
  }));
}

/** `GET /api/ps` in the words of the bus. */
export function loadedModels(entries: readonly PsEntry[]): LoadedModel[] {
  return entries.slice(0, MAX_LOADED).map((entry) => ({
    name: entry.name,
    sizeBytes: entry.size ?? null,
    vramBytes: entry.size_vram ?? null,
    expiresAt: entry.expires_at === undefined ? null : textOf(entry.expires_at),
    contextLength: entry.context_length ?? null,
  }));
}

function textOf(time: string | Date): string {
  return typeof time === 'string' ? time : time.toISOString();
}
