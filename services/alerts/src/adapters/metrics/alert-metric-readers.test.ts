import { ALERT_METRICS, ALERT_ONLY_METRICS } from '@llm-monitor/contracts/alerts';
import { expect, test } from 'vitest';

import { ALERT_METRIC_READERS } from './alert-metric-readers.ts';

test('every metric that only alerts have is read by one reader, and no name is there twice', () => {
  const named = ALERT_ONLY_METRICS.map(({ name }) => name);
  expect(ALERT_METRIC_READERS.map(({ metric }) => metric).sort()).toEqual(named.toSorted());
  const all = ALERT_METRICS.map(({ name }) => name);
  expect(new Set(all).size).toBe(all.length);
});
