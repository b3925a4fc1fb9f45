import type { Cost } from '@llm-monitor/contracts/rest';

import { UNKNOWN } from '../format/format.ts';
import { useI18n } from '../i18n/i18n.ts';

/** How energy and money are written: all of it is estimated. */
export function useEstimates() {
  const { t } = useI18n();
  const number = (value: number, options: Intl.NumberFormatOptions) =>
    `≈\u00a0${new Intl.NumberFormat(t.locale, { maximumSignificantDigits: 3, ...options }).format(value)}`;
  return {
    energy: (wattHours: number | undefined) =>
      wattHours === undefined ? UNKNOWN : `${number(wattHours, {})}\u00a0Wh`,
    money: (cost: Cost | undefined, of: 'energy' | 'cloud') => {
      const value = cost?.[of] ?? null;
      return value === null
        ? UNKNOWN
        : number(value, { style: 'currency', currency: cost?.currency });
    },
  };
}
