import type { AlertMetric, AlertScope } from '@llm-monitor/contracts/alerts';

import { groupBy } from './group-by.ts';
import type { Reading, Readings, Subject } from './reading.ts';

/** What a rule looks at of all that is known of its metric: narrowed, and split by `each` or made into one. */
export function readingsOfRule(
  { readings, absent = null }: Readings,
  scope: AlertScope | undefined,
  combine: AlertMetric['combine'],
): Readings {
  const { each, ...narrow } = scope ?? {};
  const fitting = readings.filter(({ of }) =>
    Object.entries(narrow).every(([kind, name]) => of[kind] === name),
  );
  const whole = { of: narrow as Subject, value: absent };
  if (!each) return { readings: [combined(fitting, whole, combine)], absent };
  const groups = groupBy(fitting, ({ of }) => of[each]);
  groups.delete(undefined);
  return {
    readings: [...groups].map(([name = '', group]) =>
      combined(group, { ...whole, of: { ...narrow, [each]: name } }, combine),
    ),
    absent,
  };
}

/** One reading of several. What cannot be told now adds nothing; that something cannot be told is kept. */
function combined(
  readings: readonly Reading[],
  whole: Reading,
  combine: AlertMetric['combine'],
): Reading {
  const values = readings.flatMap(({ value, isHeld }) => (isHeld || value === null ? [] : [value]));
  const held = readings.some(({ isHeld }) => isHeld) ? { isHeld: true } : {};
  if (values.length === 0) {
    return { of: whole.of, value: readings.length > 0 ? null : whole.value, ...held };
  }
  const value = combine === 'sum' ? values.reduce((a, b) => a + b, 0) : Math.max(...values);
  return { of: whole.of, value, ...held };
}
