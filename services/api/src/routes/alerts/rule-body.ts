import {
  AlertRule,
  checkRule,
  checkRules,
  ruleProblem,
  ruleProblemTexts,
  type RuleProblem,
} from '@llm-monitor/contracts/alerts';
import type { FastifyInstance } from 'fastify';
import { stringify } from 'yaml';

import { ProblemError } from '../../problem.ts';
import { readYaml } from './read-yaml.ts';

export const YAML_TYPE = 'application/yaml';
const YAML_TYPES = [YAML_TYPE, 'application/x-yaml', 'text/yaml'];
/** Problems that the one line names; all of them are in `problems`. */
const NAMED = 3;

/** Lets bodies be YAML where these routes are. */
export function takeYaml(app: FastifyInstance): void {
  app.addContentTypeParser(YAML_TYPES, { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, readYaml(String(body)));
    } catch (error) {
      done(error as ProblemError);
    }
  });
}

/** A whole list: `rules` of an object, or the list itself. */
export function rulesOf(body: unknown): AlertRule[] {
  const isWrapped = typeof body === 'object' && body !== null && 'rules' in body;
  const { rules, problems } = checkRules(isWrapped ? body.rules : body);
  if (problems.length > 0) throw wrongRules(problems);
  return rules;
}

/** One rule, whose id its address has. */
export function ruleOf(body: unknown, id: string): AlertRule {
  const given = typeof body === 'object' && body !== null ? { id, ...body } : body;
  const { rule, problems } = checkRule(given, id);
  if (rule && rule.id !== id) {
    throw wrongRules([ruleProblem(rule.id, 'id', ruleProblemTexts.otherId(id))]);
  }
  if (!rule) throw wrongRules(problems);
  return rule;
}

function wrongRules(problems: readonly RuleProblem[]): ProblemError {
  const inOneLine = (detailOf: (problem: RuleProblem) => string, more: string) => {
    const named = problems
      .slice(0, NAMED)
      .map((each) => [each.rule && `${each.rule}:`, each.field, detailOf(each)]);
    const line = named.map((parts) => parts.filter(Boolean).join(' ')).join('. ');
    return problems.length > NAMED ? `${line}. (${more})` : `${line}.`;
  };
  const left = problems.length - NAMED;
  const detail = {
    en: inOneLine((problem) => problem.detail, `and ${left} more`),
    it: inOneLine(({ details }) => details.it, `e altri ${left}`),
  };
  return new ProblemError(400, 'Wrong rules', detail, {}, { problems });
}

const HEAD =
  '# Alert rules of LLM Monitor. Times are in seconds; a threshold is in the unit of its metric (GET /api/alerts/metrics).';

/** Rules as a file that people keep and change: what a rule is first, how it is judged behind it. */
export function toYaml(rules: readonly AlertRule[]): string {
  const inOrder = rules.map((rule) => {
    const names = Object.keys(AlertRule.properties) as (keyof AlertRule)[];
    return Object.fromEntries(names.flatMap((name) => (name in rule ? [[name, rule[name]]] : [])));
  });
  return `${HEAD}\n${stringify({ rules: inOrder }, { lineWidth: 0 })}`;
}
