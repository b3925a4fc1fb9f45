import type { AlertRule } from '@llm-monitor/contracts/alerts';

import type { Reading } from './reading.ts';

/** Does the condition hold? `keep`: that cannot be told now, and all stays as it was. */
export type Verdict = 'holds' | 'clear' | 'keep';

/**
 * @param isBehind events are collected, but not all that came: more may follow, so that only what is there already counts, and
 *   nothing that is missing
 */
export function judge(rule: AlertRule, { value, isHeld }: Reading, isBehind: boolean): Verdict {
  const isPartial = isHeld === true || isBehind;
  if (value === null) {
    if (isPartial) return 'keep';
    return rule.noData === 'fire' ? 'holds' : rule.noData === 'keep' ? 'keep' : 'clear';
  }
  const looksForMore = rule.comparator === '>' || rule.comparator === '>=';
  if (isPartial && !looksForMore) return 'keep';
  if (compare(value, rule)) return 'holds';
  return isPartial ? 'keep' : 'clear';
}

/** Does a value do what the rule waits for? */
function compare(value: number, { comparator, threshold }: AlertRule): boolean {
  switch (comparator) {
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
  }
}
