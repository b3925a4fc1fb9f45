import type { RequestRecord } from '@llm-monitor/contracts/redis';
import type { Host } from '@llm-monitor/contracts/rest';

import { plainModel } from './queue-order.ts';

/** Tells how many tokens the model of a call holds at once: as was asked for, else as its server says; undefined where nobody does. */
export function createContexts(
  hosts: readonly Pick<Host, 'name' | 'models_loaded'>[],
): (call: Pick<RequestRecord, 'model' | 'host' | 'parameters'>) => number | undefined {
  const loaded = new Map<string, Map<string, number>>();
  for (const host of hosts) {
    for (const { name, context_length: tokens } of host.models_loaded) {
      if (!tokens) continue;
      const ofHosts = loaded.get(plainModel(name)) ?? new Map<string, number>();
      loaded.set(plainModel(name), ofHosts.set(host.name, tokens));
    }
  }
  return ({ model, host, parameters }) => {
    if (parameters?.numCtx) return parameters.numCtx;
    const ofHosts = loaded.get(plainModel(model));
    if (!ofHosts) return undefined;
    const own = host === undefined ? undefined : ofHosts.get(host);
    // Of a call from another machine it can be told only where one server has the model.
    return own ?? (ofHosts.size === 1 ? [...ofHosts.values()][0] : undefined);
  };
}
