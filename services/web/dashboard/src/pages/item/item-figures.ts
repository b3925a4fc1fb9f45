import type { Figures } from '@llm-monitor/contracts/rest';

import type { Format } from '../../format/format.ts';
import type { ItemTexts } from './item-texts.ts';

/** A figure of a model or an app. */
export interface ItemFigure {
  id: Extract<
    keyof ItemTexts,
    'calls' | 'success' | 'response' | 'firstToken' | 'rate' | 'tokens' | 'read'
  >;
  value: (figures: Figures) => number | null;
  text: (format: Format, value: number | null) => string;
}

export const ITEM_FIGURES: readonly ItemFigure[] = [
  { id: 'calls', value: (of) => of.total_requests, text: (format, value) => format.count(value) },
  { id: 'success', value: (of) => of.success_rate, text: (format, value) => format.percent(value) },
  { id: 'response', value: (of) => of.p50, text: (format, value) => format.duration(value) },
  { id: 'firstToken', value: (of) => of.ttft_p50, text: (format, value) => format.duration(value) },
  {
    id: 'rate',
    value: (of) => of.tokens_per_second,
    text: (format, value) => format.rate(value),
  },
  { id: 'tokens', value: (of) => of.total_tokens, text: (format, value) => format.count(value) },
  { id: 'read', value: (of) => of.input_tokens, text: (format, value) => format.count(value) },
];

/** How much more or less the first is than the second, percent; null where that says nothing. */
export function differencePercent(value: number | null, other: number | null): number | null {
  if (value === null || other === null || other === 0) return null;
  return (100 * (value - other)) / other;
}
