import type { AlertOnlyMetricName } from '@llm-monitor/contracts/alerts';

import { addGrowth, growthWithin, type Count, type Growth } from '../../core/growth.ts';
import type { AlertMetricReader, ReadContext } from './alert-metric-reader.ts';

/** A metric that says by how much counters grew within the window. */
export function grownCounts(
  metric: AlertOnlyMetricName,
  readCounts: (context: ReadContext) => Count[] | Promise<Count[]>,
): AlertMetricReader {
  return {
    metric,
    isCollected: true,
    remembers: true,
    async read(context) {
      const { memory, nowMs, windowMs } = context;
      const before = memory.get() as Growth | undefined;
      const growth = addGrowth(before, await readCounts(context), nowMs);
      memory.set(growth);
      return { readings: growthWithin(growth, windowMs, nowMs), absent: 0 };
    },
  };
}
