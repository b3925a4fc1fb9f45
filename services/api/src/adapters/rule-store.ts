import type { AlertRule, AlertRuleChange } from '@llm-monitor/contracts/alerts';
import { readAlertRules, type Store } from '@llm-monitor/read-model';

/** Puts these rules in the place of all there are. With `dryRun` it only says what that would change. */
export async function replaceRules(
  store: Store,
  rules: readonly AlertRule[],
  dryRun: boolean,
): Promise<AlertRuleChange> {
  const before = new Map((await readAlertRules(store)).map((rule) => [rule.id, rule]));
  const ids = new Set(rules.map(({ id }) => id));
  const change: AlertRuleChange = {
    dryRun,
    added: rules.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    changed: rules
      .filter((rule) => before.has(rule.id) && !isSame(rule, before.get(rule.id)))
      .map(({ id }) => id),
    removed: [...before.keys()].filter((id) => !ids.has(id)),
    rules: [...rules],
  };
  if (dryRun) return change;
  const key = store.keys.global.alertRules;
  const writing = store.redis.multi().del(key);
  if (rules.length > 0) {
    writing.hset(key, Object.fromEntries(rules.map((rule) => [rule.id, JSON.stringify(rule)])));
  }
  const results = await writing.exec();
  for (const [error] of results ?? []) if (error) throw error;
  return change;
}

/** Writes one rule. */
export async function writeRule(
  store: Store,
  rule: AlertRule,
  dryRun: boolean,
): Promise<AlertRuleChange> {
  const key = store.keys.global.alertRules;
  const text = await store.redis.hget(key, rule.id);
  const before = text === null ? undefined : (JSON.parse(text) as AlertRule);
  if (!dryRun) await store.redis.hset(key, rule.id, JSON.stringify(rule));
  const isChanged = before !== undefined && !isSame(before, rule);
  return {
    ...{ dryRun, added: before ? [] : [rule.id], changed: isChanged ? [rule.id] : [] },
    ...{ removed: [], rules: [rule] },
  };
}

/** @returns whether there was one */
export async function removeRule(store: Store, id: string): Promise<boolean> {
  return (await store.redis.hdel(store.keys.global.alertRules, id)) === 1;
}

/** In whatever order their fields stand. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, ordered(one)]));
}
