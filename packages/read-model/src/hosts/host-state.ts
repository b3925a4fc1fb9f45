import type { StoredHost, StoredModels } from '@llm-monitor/contracts/redis';

import { readMany, type Store } from '../store.ts';
import { HOST_FRESH_MS } from './freshness.ts';

/** What is known of one machine: its last sample, its servers' last lists of models, or both. */
export interface HostState {
  name: string;
  host?: StoredHost;
  /** Of all its servers together. */
  models?: StoredModels;
}

/** Every machine ever heard of, by name. */
export async function readHostStates(store: Store): Promise<HostState[]> {
  const [hosts, lists] = (await readMany(store.redis, [
    ['hgetall', store.keys.global.hosts],
    ['hgetall', store.keys.global.models],
  ])) as [Record<string, string>, Record<string, string>];
  const listsOf = new Map<string, StoredModels[]>();
  for (const text of Object.values(lists)) {
    const stored = JSON.parse(text) as StoredModels;
    listsOf.set(stored.list.host, [...(listsOf.get(stored.list.host) ?? []), stored]);
  }
  const names = [...new Set([...Object.keys(hosts), ...listsOf.keys()])].sort();
  return names.map((name) => {
    const text = hosts[name];
    const host = text === undefined ? undefined : (JSON.parse(text) as StoredHost);
    const models = mergeLists(listsOf.get(name) ?? [], host);
    return { name, ...(host ? { host } : {}), ...(models ? { models } : {}) };
  });
}

/**
 * What the servers of one machine list and hold together, under the name of the one that was heard of last. A list that was not
 * told again with the others is of a server that its agent no longer watches; one that cannot be reached has nothing.
 */
export function mergeLists(
  lists: readonly StoredModels[],
  host: StoredHost | undefined,
): StoredModels | undefined {
  const newestFirst = lists.toSorted((a, b) => b.seenAtMs - a.seenAtMs);
  const newest = newestFirst[0];
  if (!newest) return undefined;
  const server = host?.sample.server;
  const goneAddress = server?.reachable === false ? server.address : undefined;
  const current = newestFirst.filter(
    ({ seenAtMs, list }) =>
      newest.seenAtMs - seenAtMs <= HOST_FRESH_MS && list.serverAddress !== goneAddress,
  );
  const first = current[0];
  if (!first) return newest;
  return {
    seenAtMs: first.seenAtMs,
    list: {
      ...first.list,
      models: current.flatMap(({ list }) => list.models),
      loaded: current.flatMap(({ list }) => list.loaded),
    },
  };
}
