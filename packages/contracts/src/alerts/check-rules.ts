import { Value } from '../typebox/value.ts';

import { ALERT_METRICS, findAlertMetric } from './metrics.ts';
import { AlertRule, AlertScope, QuietHours } from './rule.ts';

/** One thing that is wrong with a rule. */
export interface RuleProblem {
  /** Its id, or its place in the list (`rule 3`) where it has none. */
  rule: string;
  /** `threshold`, `scope.model`; empty: the rule as a whole. */
  field: string;
  /** What is allowed there. */
  detail: string;
}

/** More than these cost too much to look at every few seconds. */
export const MAX_RULES = 100;
/** So many, with every field as long as it may be, fit in here however their letters are written: what is exported can be imported. */
export const MAX_RULES_BYTES = 2 * 1024 * 1024;
/** What is named of a list that is wrong; a person reads no more. */
const MAX_PROBLEMS = 100;
/** Fields that no rule has, named of one rule. */
const MAX_UNKNOWN = 5;

/** What each field takes, for people. */
const FORMS: Record<string, string> = {
  id: 'lower-case letters, digits and dashes, at most 64, such as "failed-requests"',
  name: '1 to 120 characters',
  description: 'at most 1,000 characters',
  enabled: 'true or false',
  metric: 'the name of a metric',
  scope: 'an object with model, app, host or bot (a name), or each (model, app, host or bot)',
  'scope.model': 'a name of 1 to 256 characters',
  'scope.app': 'a name of 1 to 256 characters',
  'scope.host': 'a name of 1 to 256 characters',
  'scope.bot': 'a name of 1 to 256 characters',
  'scope.each': 'model, app, host or bot',
  comparator: '>, >=, < or <=',
  threshold: 'a number, in the unit of the metric',
  windowSeconds: 'a whole number of seconds, 10 to 86400 (a day)',
  forSeconds: 'a whole number of seconds, 0 to 86400 (a day)',
  noData: 'ok, fire or keep',
  renotifySeconds: 'a whole number of seconds, 0 (once) to 604800 (a week)',
  severity: 'info, warning or critical',
  quietHours: 'an object with from, to and timeZone',
  'quietHours.from': 'a time of day, such as "22:00"',
  'quietHours.to': 'a time of day, such as "07:00"',
  'quietHours.timeZone': 'the name of a time zone, such as "Europe/Rome" or "UTC"',
  channels: 'a list of at most 32 ids of channels',
};

type Fields = Record<string, unknown>;
type Say = (field: string, detail: string) => void;

/** Checks a whole list: `rules` are those that are right, with what they left out filled in. */
export function checkRules(given: unknown): { rules: AlertRule[]; problems: RuleProblem[] } {
  if (!Array.isArray(given)) {
    return {
      rules: [],
      problems: [{ rule: '', field: 'rules', detail: 'must be a list of rules' }],
    };
  }
  const problems: RuleProblem[] = [];
  const rules: AlertRule[] = [];
  if (given.length > MAX_RULES) {
    const detail = `at most ${MAX_RULES} rules, and these are ${given.length}`;
    problems.push({ rule: '', field: 'rules', detail });
  }
  const seen = new Set<string>();
  for (const [i, one] of given.slice(0, MAX_RULES).entries()) {
    const checked = checkRule(one, `rule ${i + 1}`);
    problems.push(...checked.problems);
    if (!checked.rule) continue;
    const { id } = checked.rule;
    if (seen.has(id)) problems.push({ rule: id, field: 'id', detail: 'another rule has this id' });
    seen.add(id);
    rules.push(checked.rule);
  }
  return { rules, problems: problems.slice(0, MAX_PROBLEMS) };
}

/** Checks one rule. @param place how it is called where it has no id */
export function checkRule(
  given: unknown,
  place = 'the rule',
): { rule?: AlertRule; problems: RuleProblem[] } {
  if (!isFields(given)) {
    const detail = 'must be an object with id, name, metric, comparator, threshold and severity';
    return { problems: [{ rule: place, field: '', detail }] };
  }
  const rule = typeof given['id'] === 'string' && given['id'] ? given['id'].slice(0, 64) : place;
  const problems: RuleProblem[] = [];
  const say: Say = (field, detail) => problems.push({ rule, field, detail });
  const filled = Value.Default(AlertRule, structuredClone(given)) as Fields;
  checkFields(filled, AlertRule, '', say);
  if (isFields(filled['scope'])) checkFields(filled['scope'], AlertScope, 'scope.', say);
  if (isFields(filled['quietHours'])) {
    checkFields(filled['quietHours'], QuietHours, 'quietHours.', say);
  }
  if (problems.length === 0) checkMeaning(filled as AlertRule, say);
  return problems.length > 0 ? { problems } : { rule: filled as AlertRule, problems };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each field by itself. Of `scope` and `quietHours` here only that they are objects: what is in them is looked at apart. */
function checkFields(
  given: Fields,
  schema: { properties: Fields; required?: readonly string[] | undefined },
  prefix: string,
  say: Say,
): void {
  const known = Object.keys(schema.properties);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  for (const name of unknown.slice(0, MAX_UNKNOWN)) {
    say(prefix + name.slice(0, 64), `is not known; known are ${known.join(', ')}`);
  }
  if (unknown.length > MAX_UNKNOWN) {
    say(prefix, `has ${unknown.length - MAX_UNKNOWN} more fields that are not known`);
  }
  for (const name of known) {
    const value = given[name];
    const form = FORMS[prefix + name] ?? 'something else';
    if (value === undefined) {
      if (schema.required?.includes(name)) say(prefix + name, `is missing: ${form}`);
    } else if (name === 'scope' || name === 'quietHours') {
      if (!isFields(value)) say(name, `must be ${form}`);
    } else if (!Value.Check(schema.properties[name] as object, value)) {
      say(prefix + name, `must be ${form}`);
    }
  }
}

/** What fields mean together. */
function checkMeaning(rule: AlertRule, say: Say): void {
  const metric = findAlertMetric(rule.metric);
  if (!metric) {
    const names = ALERT_METRICS.map(({ name }) => name).join(', ');
    say('metric', `is not known; known are ${names}`);
    return;
  }
  const { each, ...narrow } = rule.scope ?? {};
  const allowed = metric.scopes.join(', ') || 'nothing: it is one figure of all';
  for (const kind of Object.keys(narrow) as (keyof typeof narrow)[]) {
    if (!metric.scopes.includes(kind)) {
      say(`scope.${kind}`, `${metric.name} can be narrowed to ${allowed}`);
    }
  }
  if (each && !metric.scopes.includes(each)) {
    say('scope.each', `${metric.name} can be split by ${allowed}`);
  } else if (each && narrow[each] !== undefined) {
    say('scope.each', `is of one ${each} only: leave out scope.${each}, or each`);
  }
  if (!rule.quietHours) return;
  const { from, to, timeZone } = rule.quietHours;
  if (from === to) say('quietHours.to', 'must differ from quietHours.from');
  if (!isTimeZone(timeZone)) {
    say('quietHours.timeZone', `must be ${FORMS['quietHours.timeZone']}`);
  }
}

function isTimeZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}
