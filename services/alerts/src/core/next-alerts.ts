import type { AlertRule, StoredAlert, StoredHandover } from '@llm-monitor/contracts/alerts';

import { groupBy } from './group-by.ts';
import type { Reading, Readings } from './reading.ts';
import { endAlert, nextAlert, type Moment } from './next-alert.ts';

/** More alerts of one rule say nothing more to a person. */
export const MAX_ALERTS_PER_RULE = 100;

/** What the rules found. */
export interface Found {
  rule: AlertRule;
  /** undefined: it cannot be read now, and all of this rule stays as it was. */
  readings: Readings | undefined;
}

/** All that changes at one look. */
export interface NextAlerts {
  alerts: StoredAlert[];
  happened: StoredHandover[];
  /** Subjects that are not looked at, because their rule has too many. */
  overflow: number;
}

/** What is pending or fires after a look at everything, and what is to be told of it. */
export function nextAlerts(
  known: readonly StoredAlert[],
  found: readonly Found[],
  moment: Moment,
): NextAlerts {
  const next: NextAlerts = { alerts: [], happened: [], overflow: 0 };
  const byRule = groupBy(known, ({ alert }) => alert.rule);
  for (const { rule, readings } of found) {
    const own = byRule.get(rule.id) ?? [];
    byRule.delete(rule.id);
    followRule(next, own, { rule, readings }, moment);
  }
  for (const alert of [...byRule.values()].flat()) {
    next.happened.push(...endAlert(alert, 'rule-removed', moment));
  }
  return next;
}

function followRule(
  next: NextAlerts,
  known: readonly StoredAlert[],
  { rule, readings }: Found,
  moment: Moment,
): void {
  const current = known.filter((stored) => rule.enabled && looksAtSame(stored.rule, rule));
  for (const stored of known) {
    if (!current.includes(stored)) next.happened.push(...endAlert(stored, 'rule-changed', moment));
  }
  if (!rule.enabled) return;
  if (!readings) {
    next.alerts.push(...current);
    return;
  }
  const bySubject = new Map(current.map((stored) => [keyOf(stored.alert.of), stored]));
  const present = new Map(readings.readings.map((reading) => [keyOf(reading.of), reading]));
  const wanted: [StoredAlert | undefined, Reading][] = [
    ...current.map((stored): [StoredAlert, Reading] => [
      stored,
      present.get(keyOf(stored.alert.of)) ?? {
        ...{ of: stored.alert.of, value: readings.absent ?? null },
      },
    ]),
    ...readings.readings
      .filter(({ of }) => !bySubject.has(keyOf(of)))
      .map((reading): [undefined, Reading] => [undefined, reading]),
  ];
  let count = 0;
  for (const [stored, reading] of wanted) {
    const { alert, happened } = nextAlert(stored, rule, reading, moment);
    if (!alert) {
      next.happened.push(...happened);
      continue;
    }
    if (!stored && count >= MAX_ALERTS_PER_RULE) {
      next.overflow++;
      continue;
    }
    count++;
    next.alerts.push(alert);
    next.happened.push(...happened);
  }
}

/** Would what it found be found by it, too? */
function looksAtSame(a: AlertRule, b: AlertRule): boolean {
  return (
    a.metric === b.metric && a.comparator === b.comparator && keyOf(a.scope) === keyOf(b.scope)
  );
}

/** The same for the same names, in whatever order they stand. */
function keyOf(of: object | undefined): string {
  return JSON.stringify(Object.entries(of ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}
