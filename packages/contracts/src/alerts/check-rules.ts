import { Value } from '../typebox/value.ts';

import type { ChannelLanguage, LocalizedText } from './channel.ts';
import { ALERT_METRICS, findAlertMetric } from './metrics.ts';
import { ruleProblemTexts as texts } from './rule-problem-texts.ts';
import { AlertRule, AlertScope, QuietHours } from './rule.ts';

/** One thing that is wrong with a rule. */
export interface RuleProblem {
  /** Its id, or its place in the list (`rule 3`) where it has none. */
  rule: string;
  /** `threshold`, `scope.model`; empty: the rule as a whole. */
  field: string;
  /** What is allowed there. */
  detail: string;
  /** The same in other languages, by language. */
  details: Readonly<Record<Exclude<ChannelLanguage, 'en'>, string>>;
}

/** A problem, said in all languages. */
export function ruleProblem(
  rule: string,
  field: string,
  { en, ...details }: LocalizedText,
): RuleProblem {
  return { rule, field, detail: en, details };
}

/** More than these cost too much to look at every few seconds. */
export const MAX_RULES = 100;
/** So many, with every field as long as it may be, fit in here however their letters are written: what is exported can be imported. */
export const MAX_RULES_BYTES = 2 * 1024 * 1024;
/** What is named of a list that is wrong; a person reads no more. */
const MAX_PROBLEMS = 100;
/** Fields that no rule has, named of one rule. */
const MAX_UNKNOWN = 5;

type Fields = Record<string, unknown>;
type Say = (field: string, text: LocalizedText) => void;

/** Checks a whole list: `rules` are those that are right, with what they left out filled in. */
export function checkRules(given: unknown): { rules: AlertRule[]; problems: RuleProblem[] } {
  if (!Array.isArray(given)) {
    return { rules: [], problems: [ruleProblem('', 'rules', texts.noList)] };
  }
  const problems: RuleProblem[] = [];
  const rules: AlertRule[] = [];
  if (given.length > MAX_RULES) {
    problems.push(ruleProblem('', 'rules', texts.tooMany(MAX_RULES, given.length)));
  }
  const seen = new Set<string>();
  for (const [i, one] of given.slice(0, MAX_RULES).entries()) {
    const checked = checkRule(one, `rule ${i + 1}`);
    problems.push(...checked.problems);
    if (!checked.rule) continue;
    const { id } = checked.rule;
    if (seen.has(id)) problems.push(ruleProblem(id, 'id', texts.doubled));
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
    return { problems: [ruleProblem(place, '', texts.noRule)] };
  }
  const rule = typeof given['id'] === 'string' && given['id'] ? given['id'].slice(0, 64) : place;
  const problems: RuleProblem[] = [];
  const say: Say = (field, text) => problems.push(ruleProblem(rule, field, text));
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
    say(prefix + name.slice(0, 64), texts.isUnknown(known));
  }
  if (unknown.length > MAX_UNKNOWN) {
    say(prefix, texts.moreUnknown(unknown.length - MAX_UNKNOWN));
  }
  for (const name of known) {
    const value = given[name];
    const field = prefix + name;
    if (value === undefined) {
      if (schema.required?.includes(name)) say(field, texts.isMissing(field));
    } else if (name === 'scope' || name === 'quietHours') {
      if (!isFields(value)) say(field, texts.mustBe(field));
    } else if (!Value.Check(schema.properties[name] as object, value)) {
      say(field, texts.mustBe(field));
    }
  }
}

/** What fields mean together. */
function checkMeaning(rule: AlertRule, say: Say): void {
  const metric = findAlertMetric(rule.metric);
  if (!metric) {
    say('metric', texts.isUnknown(ALERT_METRICS.map(({ name }) => name)));
    return;
  }
  const { each, ...narrow } = rule.scope ?? {};
  for (const kind of Object.keys(narrow) as (keyof typeof narrow)[]) {
    if (!metric.scopes.includes(kind)) {
      say(`scope.${kind}`, texts.cannotNarrow(metric.name, metric.scopes));
    }
  }
  if (each && !metric.scopes.includes(each)) {
    say('scope.each', texts.cannotSplit(metric.name, metric.scopes));
  } else if (each && narrow[each] !== undefined) {
    say('scope.each', texts.isOne(each));
  }
  if (!rule.quietHours) return;
  const { from, to, timeZone } = rule.quietHours;
  if (from === to) say('quietHours.to', texts.noTime);
  if (!isTimeZone(timeZone)) {
    say('quietHours.timeZone', texts.mustBe('quietHours.timeZone'));
  }
}

function isTimeZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}
