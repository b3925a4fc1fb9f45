import type { ModelStats } from '@llm-monitor/contracts/rest';

import type { HostState } from './host-state.ts';
import { isOnline } from './to-host.ts';

/** What the servers of the machines that are online list and hold. */
export interface ListedModels {
  /** Did any of them say what it has? */
  known: boolean;
  available: Set<string>;
  loaded: Set<string>;
}

export function listedModels(states: readonly HostState[], nowMs: number): ListedModels {
  const lists = states
    .filter((state) => state.models && isOnline(state, nowMs))
    .map((state) => state.models?.list);
  return {
    known: lists.length > 0,
    available: new Set(lists.flatMap((list) => list?.models.map(({ name }) => name) ?? [])),
    loaded: new Set(lists.flatMap((list) => list?.loaded.map(({ name }) => name) ?? [])),
  };
}

/** Where a model is, and what it takes there. Only machines that are online. */
export function placesOf(
  states: readonly HostState[],
  name: string,
  nowMs: number,
): ModelStats['hosts'] {
  const isIt = (model: { name: string }) => hasModel(new Set([model.name]), name);
  return states.flatMap((state) => {
    const list = isOnline(state, nowMs) ? state.models?.list : undefined;
    const listed = list?.models.find(isIt);
    const loaded = list?.loaded.find(isIt);
    if (!listed && !loaded) return [];
    return {
      host: state.name,
      loaded: loaded !== undefined,
      size_bytes: listed?.sizeBytes ?? null,
      family: listed?.family ?? null,
      parameter_size: listed?.parameterSize ?? null,
      quantization: listed?.quantization ?? null,
      memory_bytes: loaded?.sizeBytes ?? null,
      vram_bytes: loaded?.vramBytes ?? null,
      expires_at: loaded?.expiresAt ?? null,
      context_length: loaded?.contextLength ?? null,
    };
  });
}

/** Ollama takes `mistral` for `mistral:latest`; apps say either. */
export function hasModel(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name) || (!name.includes(':') && names.has(`${name}:latest`));
}
