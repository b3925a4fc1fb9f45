import type { AlertRule } from '@llm-monitor/contracts/alerts';

/** A rule to begin with. */
export function emptyRule(): AlertRule {
  return {
    ...{ id: '', name: '', enabled: true, metric: 'failed', comparator: '>', threshold: 10 },
    ...{ windowSeconds: 300, forSeconds: 0, noData: 'ok', renotifySeconds: 0 },
    severity: 'warning',
  };
}
