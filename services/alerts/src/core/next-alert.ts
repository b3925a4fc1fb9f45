import {
  findAlertMetric,
  type Alert,
  type AlertRule,
  type StoredAlert,
  type StoredHandover,
} from '@llm-monitor/contracts/alerts';

import { alertLink } from './alert-link.ts';
import { judge } from './judge.ts';
import { isQuietFor, quietHoursOf } from './quiet-hours.ts';
import type { Reading } from './reading.ts';

/** What a look at the rules depends on besides them. Times in ms. */
export interface Moment {
  /** since 1970 */
  nowMs: number;
  /** What fires is resolved after it did not hold for so long, or for the rule's own time if that is longer, up to the most. */
  clearMs: number;
  /** Who was not looked at for longer has not been seen to hold or not meanwhile. */
  gapMs: number;
  /** Events are collected, but not all that came. */
  isBehind: boolean;
  newId(): string;
}

/** A rule that waits for an hour before it fires does not wait that long until it is resolved. */
const MOST_CLEAR_MS = 300_000;

/** What becomes of one alert: `alert` is absent where there is none any more. */
export interface NextAlert {
  alert?: StoredAlert;
  happened: StoredHandover[];
}

/** From what is known of one subject and one reading of it to what is known now. */
export function nextAlert(
  known: StoredAlert | undefined,
  rule: AlertRule,
  reading: Reading,
  moment: Moment,
): NextAlert {
  const verdict = judge(rule, reading, moment.isBehind);
  if (verdict === 'holds') {
    const alert = known ?? begin(rule, reading, moment);
    return whileItHolds(refresh(alert, rule, reading, moment), moment);
  }
  if (!known) return { happened: [] };
  if (verdict === 'keep') return { alert: known, happened: [] };
  if (known.alert.state === 'pending') return { happened: [] };
  return whileClear(known, rule, reading, moment);
}

/** Ends what fires, whatever its values. What was pending leaves no trace. */
export function endAlert(
  known: StoredAlert,
  resolution: NonNullable<Alert['resolution']>,
  { nowMs }: Moment,
): StoredHandover[] {
  if (known.alert.state === 'pending') return [];
  const alert: Alert = { ...known.alert, state: 'resolved', resolvedAt: iso(nowMs), resolution };
  const { rule } = known;
  const event: StoredHandover = { atMs: nowMs, what: 'resolved', as: 'event', alert, rule };
  // Whoever was not told that it fires need not know that it is over.
  if (known.toldAtMs === undefined) return [event];
  const quietHours = quietHoursOf(rule);
  return [event, { ...event, as: 'tell', ...(quietHours ? { quietHours } : {}) }];
}

function begin(rule: AlertRule, { of }: Reading, { nowMs, newId }: Moment): StoredAlert {
  return {
    rule,
    judgedAtMs: nowMs,
    alert: {
      ...{ id: `${rule.id}-${newId()}`, of, state: 'pending', value: null },
      ...{ since: iso(nowMs), firedAt: null, resolvedAt: null, resolution: null },
      link: alertLink(of, nowMs),
      ...figuresOf(rule),
    },
  };
}

/** What of an alert its rule says. */
function figuresOf(rule: AlertRule) {
  const { id, name, severity, metric, comparator, threshold, windowSeconds } = rule;
  const unit = findAlertMetric(metric)?.unit ?? '';
  return { rule: id, name, severity, metric, unit, comparator, threshold, windowSeconds };
}

/** With what was read now. What was pending and not looked at for a while begins anew. */
function refresh(
  known: StoredAlert,
  rule: AlertRule,
  { value }: Reading,
  { nowMs, gapMs }: Moment,
): StoredAlert {
  // Since when it did not hold is left out: it does now.
  const { alert, toldAtMs } = known;
  const isAnew = alert.state === 'pending' && nowMs - known.judgedAtMs > gapMs;
  const since = isAnew ? iso(nowMs) : alert.since;
  return {
    ...(toldAtMs === undefined ? {} : { toldAtMs }),
    rule,
    judgedAtMs: nowMs,
    alert: { ...alert, ...figuresOf(rule), since, value },
  };
}

function whileItHolds(stored: StoredAlert, { nowMs }: Moment): NextAlert {
  const { alert, rule } = stored;
  if (alert.state === 'pending') {
    if (nowMs - Date.parse(alert.since) < rule.forSeconds * 1000) {
      return { alert: stored, happened: [] };
    }
    const firing: Alert = {
      ...{ ...alert, state: 'firing', firedAt: iso(nowMs), link: alertLink(alert.of, nowMs) },
    };
    const event: StoredHandover = { atMs: nowMs, what: 'fired', as: 'event', alert: firing, rule };
    const { alert: told, happened } = tell({ ...stored, alert: firing }, nowMs);
    return { ...(told ? { alert: told } : {}), happened: [event, ...happened] };
  }
  return tell(stored, nowMs);
}

/** Tells people of what fires: the first time, and again as often as the rule wants. */
function tell(stored: StoredAlert, nowMs: number): NextAlert {
  const { alert, rule, toldAtMs } = stored;
  const isFirst = toldAtMs === undefined;
  const isAgain =
    !isFirst && rule.renotifySeconds > 0 && nowMs - toldAtMs >= rule.renotifySeconds * 1000;
  if ((!isFirst && !isAgain) || isQuietFor(rule, nowMs)) return { alert: stored, happened: [] };
  const what = isFirst ? 'fired' : 'again';
  return {
    alert: { ...stored, toldAtMs: nowMs },
    happened: [{ atMs: nowMs, what, as: 'tell', alert, rule }],
  };
}

/** It fires and does not hold: only after a while it is over, so that what comes and goes is one alert. */
function whileClear(
  known: StoredAlert,
  rule: AlertRule,
  { value }: Reading,
  { nowMs, clearMs, gapMs, ...moment }: Moment,
): NextAlert {
  const isEdited =
    known.rule.threshold !== rule.threshold || known.rule.windowSeconds !== rule.windowSeconds;
  const wasSeen = nowMs - known.judgedAtMs <= gapMs;
  const clearSinceMs = (wasSeen ? known.clearSinceMs : undefined) ?? nowMs;
  const alert: Alert = { ...known.alert, ...figuresOf(rule), value };
  const stored: StoredAlert = { ...known, rule, alert, clearSinceMs, judgedAtMs: nowMs };
  const neededMs = Math.max(clearMs, Math.min(rule.forSeconds * 1000, MOST_CLEAR_MS));
  if (!isEdited && nowMs - clearSinceMs < neededMs) return { alert: stored, happened: [] };
  const resolution = isEdited ? 'rule-changed' : value === null ? 'no-data' : 'value';
  return { happened: endAlert(stored, resolution, { nowMs, clearMs, gapMs, ...moment }) };
}

const iso = (ms: number): string => new Date(ms).toISOString();
