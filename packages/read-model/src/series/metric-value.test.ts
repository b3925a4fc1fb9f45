import { emptyRollup } from '@llm-monitor/contracts/redis';
import { METRICS } from '@llm-monitor/contracts/stats';
import { describe, expect, test } from 'vitest';

import { isRequestMetric, metricValue } from './metric-value.ts';

describe('every metric of requests', () => {
  const metrics = METRICS.filter(
    (metric) => metric.source === 'requests' && metric.name !== 'active',
  );

  test.each(metrics)(
    '$name is 0 in an empty step when it counts, else unknown',
    ({ name, unit }) => {
      const counts = unit === 'requests' || unit === 'tokens';
      expect(isRequestMetric(name) && metricValue(name, undefined)).toBe(counts ? 0 : null);
    },
  );

  test.each(metrics)('$name has a value where there were calls', ({ name }) => {
    const rollup = emptyRollup();
    for (const count of Object.keys(rollup.counts)) Object.assign(rollup.counts, { [count]: 4 });
    rollup.durations.set(100, 4);
    rollup.firstTokens.set(50, 4);
    expect(isRequestMetric(name) && metricValue(name, rollup)).toBeGreaterThan(0);
  });
});

test('metrics of machines are not metrics of requests', () => {
  const host = METRICS.filter((metric) => metric.source === 'host');
  expect(host.map(({ name }) => isRequestMetric(name))).toEqual(host.map(() => false));
});
