import type { Cost } from '@llm-monitor/contracts/rest';

import { DrawerPart, Fact } from '../drawer/drawer-part.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { useCostTexts } from './cost-texts.ts';
import { useEstimates } from './use-estimates.ts';

interface CostFactsProps {
  energyWh: number | undefined;
  /** Of how many calls the energy is known; absent for one call. */
  energyCalls?: number | undefined;
  cost: Cost | undefined;
}

/** What was drawn and what that costs; nothing at all where nothing is known. */
export function CostFacts({ energyWh, energyCalls, cost }: CostFactsProps) {
  const { format } = useI18n();
  const texts = useCostTexts();
  const { energy, money } = useEstimates();
  if (energyWh === undefined && !cost) return null;
  return (
    <DrawerPart title={texts.title}>
      <dl class="facts is-figures" data-testid="costs">
        <Fact name={texts.energy} testId="energy">
          {energy(energyWh)}
        </Fact>
        <Fact name={texts.energyCost} testId="energy-cost">
          {money(cost, 'energy')}
        </Fact>
        <Fact name={texts.cloud} testId="cloud-cost">
          {money(cost, 'cloud')}
        </Fact>
      </dl>
      <p class="quiet">
        {energyCalls !== undefined && `n = ${format.count(energyCalls)} · `}
        {texts.note}
      </p>
    </DrawerPart>
  );
}
