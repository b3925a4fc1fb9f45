import type { Host } from '@llm-monitor/contracts/rest';

export interface LoadedModel {
  model: Host['models_loaded'][number];
  host: string;
  /** seconds that the host's clock is ahead */
  hostSkew: number;
}

/** What is in memory, wherever that is; a machine that is silent says nothing of now. */
export function loadedModels(hosts: readonly Host[]): LoadedModel[] {
  return hosts
    .filter((host) => host.online)
    .flatMap((host) =>
      host.models_loaded.map((model) => ({ model, host: host.name, hostSkew: host.clock_skew })),
    )
    .sort((a, b) => compare(a.model.name, b.model.name) || compare(a.host, b.host));
}

function compare(a: string, b: string): number {
  return a.localeCompare(b);
}
