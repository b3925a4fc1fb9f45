import type { Host } from '@llm-monitor/contracts/rest';

import type { Store } from '../store.ts';
import { readHostStates } from './host-state.ts';
import { toHost } from './to-host.ts';

/** Every machine ever heard of, by name. */
export async function readHosts(store: Store, nowMs: number): Promise<Host[]> {
  const states = await readHostStates(store);
  return states.map((state) => toHost(state, nowMs));
}
