import {
  NO_COST_SETTINGS,
  type CostSettings,
  type EndedRequest,
} from '@llm-monitor/contracts/rest';

import type { Store } from '../store.ts';
import { costOf } from './cost-of.ts';

/** As somebody set them, else that nothing is known. */
export async function readCostSettings({ redis, keys }: Store): Promise<CostSettings> {
  const text = await redis.get(keys.global.costs);
  return text === null ? NO_COST_SETTINGS : (JSON.parse(text) as CostSettings);
}

export async function writeCostSettings(
  { redis, keys }: Store,
  settings: CostSettings,
): Promise<void> {
  await redis.set(keys.global.costs, JSON.stringify(settings));
}

/** A call with what it cost, where that can be told. */
export function withCost(call: EndedRequest, settings: CostSettings): EndedRequest {
  const cost = costOf(
    [
      {
        model: call.model,
        energyWh: call.resources?.energy_wh ?? null,
        inputTokens: call.tokens_input,
        outputTokens: call.tokens_generated,
      },
    ],
    settings,
  );
  return cost ? { ...call, cost } : call;
}
