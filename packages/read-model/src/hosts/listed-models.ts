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

/** Ollama takes `mistral` for `mistral:latest`; apps say either. */
export function hasModel(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name) || (!name.includes(':') && names.has(`${name}:latest`));
}
