import type { AlertRule, AlertRuleList } from '@llm-monitor/contracts/alerts';

import { useI18n } from '../../../i18n/i18n.ts';

/** What rules are called: ready ones in the reader's language, as long as nobody gave them another name. */
export function useRuleNames(list: AlertRuleList | null): (rule: AlertRule) => string {
  const { language } = useI18n();
  return ({ id, name }) => list?.names?.[id]?.[language] ?? name;
}
