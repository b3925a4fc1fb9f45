import {
  ALERT_LOG_FIELDS,
  ALERTS_FRESH_MS,
  otherNames,
  type Alert,
  type AlertList,
  type AlertRule,
  type AlertsNow,
  type OtherNames,
  type StoredAlert,
  type StoredAlertStatus,
} from '@llm-monitor/contracts/alerts';

import { readMany, type Store } from '../store.ts';

const SEVERITIES: readonly AlertRule['severity'][] = ['critical', 'warning', 'info'];

/** What fires and what is pending, and whether that is looked at. */
export async function readAlertsNow(store: Store, nowMs: number): Promise<AlertsNow> {
  const { items, evaluatedAtMs } = await readStored(store);
  return { items, evaluated: isFresh(evaluatedAtMs, nowMs) };
}

const isFresh = (evaluatedAtMs: number | null, nowMs: number): boolean =>
  evaluatedAtMs !== null && nowMs - evaluatedAtMs <= ALERTS_FRESH_MS;

async function readStored(store: Store): Promise<{ items: Alert[]; evaluatedAtMs: number | null }> {
  const { global } = store.keys;
  const [states, status] = (await readMany(store.redis, [
    ['hgetall', global.alertStates],
    ['hgetall', global.alertStatus],
  ])) as [Record<string, string>, StoredAlertStatus];
  return {
    evaluatedAtMs: status.evaluatedAtMs === undefined ? null : Number(status.evaluatedAtMs),
    items: Object.values(states)
      .map((text) => withNames((JSON.parse(text) as StoredAlert).alert))
      .sort(worstFirst),
  };
}

/** What fires and is pending, then what was resolved lately, newest first. @param limit of those resolved */
export async function readAlerts(
  store: Store,
  options: { nowMs: number; state?: Alert['state']; rule?: string; limit: number },
): Promise<AlertList> {
  const { state, rule, limit } = options;
  const { items, evaluatedAtMs } = await readStored(store);
  const evaluated = isFresh(evaluatedAtMs, options.nowMs);
  const isWanted = (alert: Alert) =>
    (state === undefined || alert.state === state) && (rule === undefined || alert.rule === rule);
  const wantsResolved = state === undefined || state === 'resolved';
  const resolved = wantsResolved ? await readResolved(store, isWanted, limit) : [];
  const count = (which: Alert['state']) => items.filter((alert) => alert.state === which).length;
  return {
    ...{ firing: count('firing'), pending: count('pending'), evaluated },
    evaluatedAt: evaluatedAtMs === null ? null : new Date(evaluatedAtMs).toISOString(),
    items: [...items.filter(isWanted), ...resolved],
  };
}

/** The log is capped: it is read as a whole. */
async function readResolved(
  store: Store,
  isWanted: (alert: Alert) => boolean,
  limit: number,
): Promise<Alert[]> {
  const entries = await store.redis.xrevrange(store.keys.global.alertLog, '+', '-');
  const alerts = entries.flatMap(([, fields]) => {
    const at = fields.indexOf(ALERT_LOG_FIELDS.alert);
    const alert = JSON.parse(fields[at + 1] ?? 'null') as Alert | null;
    return alert?.state === 'resolved' && isWanted(alert) ? [withNames(alert)] : [];
  });
  return alerts.slice(0, limit);
}

/** All rules, by name. Those that cannot be read are left out. */
export async function readAlertRules(store: Store): Promise<AlertRule[]> {
  const stored = await store.redis.hvals(store.keys.global.alertRules);
  return stored
    .map((text) => JSON.parse(text) as AlertRule)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
}

/** What it is called in other languages: what is stored has one name. */
function withNames(alert: Alert): Alert {
  const names = otherNames({ id: alert.rule, name: alert.name });
  return names ? { ...alert, names } : alert;
}

/** The same of rules, by their ids. */
export function namesOfRules(rules: readonly AlertRule[]): Record<string, OtherNames> {
  const named = rules.flatMap((rule) => {
    const names = otherNames(rule);
    return names ? [[rule.id, names] as const] : [];
  });
  return Object.fromEntries(named);
}

function worstFirst(a: Alert, b: Alert): number {
  const rank = ({ state, severity }: Alert) =>
    (state === 'firing' ? 0 : SEVERITIES.length) + SEVERITIES.indexOf(severity);
  return rank(a) - rank(b) || (a.since < b.since ? 1 : -1);
}
