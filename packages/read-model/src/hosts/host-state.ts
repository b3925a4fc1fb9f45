import type { StoredHost, StoredModels } from '@llm-monitor/contracts/redis';

import { readMany, type Store } from '../store.ts';

/** What is known of one machine: its last sample, its last list of models, or both. */
export interface HostState {
  name: string;
  host?: StoredHost;
  models?: StoredModels;
}

/** Every machine ever heard of, by name. */
export async function readHostStates(store: Store): Promise<HostState[]> {
  const [hosts, models] = (await readMany(store.redis, [
    ['hgetall', store.keys.global.hosts],
    ['hgetall', store.keys.global.models],
  ])) as [Record<string, string>, Record<string, string>];
  const names = [...new Set([...Object.keys(hosts), ...Object.keys(models)])].sort();
  return names.map((name) => ({
    name,
    ...(hosts[name] === undefined ? {} : { host: JSON.parse(hosts[name]) as StoredHost }),
    ...(models[name] === undefined ? {} : { models: JSON.parse(models[name]) as StoredModels }),
  }));
}
