import type { AlertRule } from '@llm-monitor/contracts/alerts';

/** A rule for tests. */
export const aRule = (over: Partial<AlertRule> = {}): AlertRule => ({
  ...{ id: 'many-failed', name: 'Many failed calls', enabled: true, metric: 'failed' },
  ...{ comparator: '>', threshold: 10, windowSeconds: 300, forSeconds: 0, noData: 'ok' },
  ...{ renotifySeconds: 0, severity: 'warning' },
  ...over,
});
