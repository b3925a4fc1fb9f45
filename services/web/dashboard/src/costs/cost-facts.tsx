import type { Cost } from '@llm-monitor/contracts/rest';

import { DrawerPart, Fact } from '../drawer/drawer-part.tsx';
import { UNKNOWN } from '../format/format.ts';
import { useI18n } from '../i18n/i18n.ts';
import { useCostTexts } from './cost-texts.ts';

interface CostFactsProps {
  energyWh: number | undefined;
  /** Of how many calls the energy is known; absent for one call. */
  energyCalls?: number | undefined;
  cost: Cost | undefined;
}

/** What was drawn and what that costs; nothing at all where nothing is known. */
export function CostFacts({ energyWh, energyCalls, cost }: CostFactsProps) {
  const { t, format } = useI18n();
  const texts = useCostTexts();
  if (energyWh === undefined && !cost) return null;
  const number = (value: number, options: Intl.NumberFormatOptions) =>
    `≈\u00a0${new Intl.NumberFormat(t.locale, { maximumSignificantDigits: 3, ...options }).format(value)}`;
  const money = (value: number | null | undefined) =>
    value === null || value === undefined
      ? UNKNOWN
      : number(value, { style: 'currency', currency: cost?.currency ?? 'EUR' });
  return (
    <DrawerPart title={texts.title}>
      <dl class="facts is-figures" data-testid="costs">
        <Fact name={texts.energy} testId="energy">
          {energyWh === undefined ? UNKNOWN : `${number(energyWh, {})}\u00a0Wh`}
        </Fact>
        <Fact name={texts.energyCost} testId="energy-cost">
          {money(cost?.energy)}
        </Fact>
        <Fact name={texts.cloud} testId="cloud-cost">
          {money(cost?.cloud)}
        </Fact>
      </dl>
      <p class="quiet">
        {energyCalls !== undefined && `n = ${format.count(energyCalls)} · `}
        {texts.note}
      </p>
    </DrawerPart>
  );
}
