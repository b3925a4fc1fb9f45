import type { CostSettings, Figures } from '@llm-monitor/contracts/rest';

import { sumBy, sumSlices } from '../rollups/merge-rollups.ts';
import type { Slice } from '../rollups/read-rollups.ts';
import { energyWh, toFigures } from '../rollups/to-figures.ts';
import { costOf } from './cost-of.ts';

/** Figures of some calls, with what they cost: prices are of models, so each is counted by itself. */
export function figuresWithCost(slices: readonly Slice[], settings: CostSettings): Figures {
  const cost = costOf(
    [...sumBy(slices, 'model')].map(([model, { counts }]) => ({
      model,
      energyWh: energyWh(counts),
      // A sum of nothing may be of calls whose tokens nobody counted.
      inputTokens: counts.inputTokens || null,
      outputTokens: counts.outputTokens || null,
    })),
    settings,
  );
  return { ...toFigures(sumSlices(slices)), ...(cost ? { cost } : {}) };
}
