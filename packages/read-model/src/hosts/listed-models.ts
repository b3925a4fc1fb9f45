import type { ListedModel, LoadedModel, ModelsListedData } from '@llm-monitor/contracts/events';
import type { ModelStats } from '@llm-monitor/contracts/rest';

import { isFresh } from './freshness.ts';
import type { HostState } from './host-state.ts';

/** What the servers list and hold now, as far as their agents have said it lately. */
export interface ListedModels {
  /** Did any of them say what it has? */
  known: boolean;
  available: ReadonlySet<string>;
  loaded: ReadonlySet<string>;
  /** Where a model is, and what it takes there. */
  placesOf(name: string): ModelStats['hosts'];
}

interface Place {
  host: string;
  listed: ReadonlyMap<string, ListedModel>;
  loaded: ReadonlyMap<string, LoadedModel>;
}

export function listedModels(states: readonly HostState[], nowMs: number): ListedModels {
  const places = states.flatMap((state): Place[] => {
    const list = currentList(state, nowMs);
    return list
      ? [{ host: state.name, listed: byName(list.models), loaded: byName(list.loaded) }]
      : [];
  });
  return {
    known: places.length > 0,
    available: new Set(places.flatMap(({ listed }) => [...listed.keys()])),
    loaded: new Set(places.flatMap(({ loaded }) => [...loaded.keys()])),
    placesOf: (name) => places.flatMap((place) => toPlace(place, name)),
  };
}

/** What the server of a machine has: undefined when its agent is silent, or does not reach the server. */
export function currentList(
  { host, models }: HostState,
  nowMs: number,
): ModelsListedData | undefined {
  const server = isFresh(host?.seenAtMs, nowMs) ? host?.sample.server : undefined;
  const isGone = server?.reachable === false && server.address === models?.list.serverAddress;
  return isFresh(models?.seenAtMs, nowMs) && !isGone ? models?.list : undefined;
}

const byName = <M extends { name: string }>(models: readonly M[]): Map<string, M> =>
  new Map(models.map((model) => [model.name, model]));

function toPlace({ host, listed, loaded }: Place, name: string): ModelStats['hosts'] {
  const onDisk = findModel(listed, name);
  const inMemory = findModel(loaded, name);
  if (!onDisk && !inMemory) return [];
  return [
    {
      host,
      loaded: inMemory !== undefined,
      size_bytes: onDisk?.sizeBytes ?? null,
      family: onDisk?.family ?? null,
      parameter_size: onDisk?.parameterSize ?? null,
      quantization: onDisk?.quantization ?? null,
      memory_bytes: inMemory?.sizeBytes ?? null,
      vram_bytes: inMemory?.vramBytes ?? null,
      expires_at: inMemory?.expiresAt ?? null,
      context_length: inMemory?.contextLength ?? null,
    },
  ];
}

function findModel<M>(models: ReadonlyMap<string, M>, name: string): M | undefined {
  return models.get(name) ?? (isShort(name) ? models.get(`${name}:latest`) : undefined);
}

/** Ollama takes `mistral` for `mistral:latest`; apps say either. */
export function hasModel(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name) || (isShort(name) && names.has(`${name}:latest`));
}

/** A registry's port may stand before the tag's colon: `localhost:5000/mistral`. */
const isShort = (name: string): boolean => !name.slice(name.lastIndexOf('/') + 1).includes(':');
