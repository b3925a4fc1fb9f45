import type { StoredHost, StoredModels } from '@llm-monitor/contracts/redis';
import type { Host } from '@llm-monitor/contracts/rest';

import { readMany, type Store } from '../store.ts';
import { toHost } from './to-host.ts';

/** What is known of one machine: its last sample, its last list of models, or both. */
export interface HostState {
  name: string;
  host?: StoredHost;
  models?: StoredModels;
}

/** Every machine ever heard of, by name. */
export async function readHosts(store: Store, nowMs: number): Promise<Host[]> {
  const states = await readHostStates(store);
  return states.map((state) => toHost(state, nowMs));
}

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
