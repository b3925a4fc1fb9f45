import {
  type AlertRule,
  checkRules,
  MAX_RULES,
  MAX_RULES_BYTES,
} from '@llm-monitor/contracts/alerts';
import { expect, test } from 'vitest';

import { ProblemError } from '../../problem.ts';
import { readYaml } from './read-yaml.ts';
import { rulesOf, toYaml } from './rule-body.ts';

const whyNot = (text: string): string => {
  try {
    readYaml(text);
  } catch (error) {
    return error instanceof ProblemError ? error.message : String(error);
  }
  return 'it was read';
};

test('of YAML that is not taken it is said why', () => {
  expect(readYaml('rules:\n  - id: a\n')).toEqual({ rules: [{ id: 'a' }] });
  expect(whyNot('- &one {id: a}\n- *one\n')).toContain('aliases (*name) are not taken');
  expect(whyNot('a: [1')).toMatch(/at line 1, column 6/);
  expect(whyNot('a: 1\n---\nb: 1\n')).toContain('multiple documents');
  expect(whyNot('rules:\n  - id: a\n    id: b\n')).toContain(
    '"id" stands there twice, at line 3, column 5',
  );
});

test('what is nested deeper than rules are is refused before it is composed, which can end the process', () => {
  const flow = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(readYaml(flow(20))).toEqual(JSON.parse(flow(20)));
  const lines = Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:\n`).join('');
  for (const text of [
    flow(21),
    flow(19_000),
    '['.repeat(20_000),
    `${'{a: '.repeat(5000)}${'}'.repeat(5000)}`,
    '- '.repeat(15_000),
    '? '.repeat(15_000),
    lines,
  ]) {
    expect(whyNot(text), text.slice(0, 20)).toContain('nested more than 20 deep');
  }
});

test('of many faults only the first is told: to make a text of each takes seconds', () => {
  for (const text of ['&a '.repeat(19_000), '!a '.repeat(12_000)]) {
    expect(whyNot(`${text}x`)).toMatch(/can have at most one \w+ at line 1, column 4$/);
  }
});

test('what would take long is refused before it is looked at', () => {
  const keys = Array.from({ length: 9000 }, (_, i) => `k${i}: 1\n`).join('');
  expect(Buffer.byteLength(keys)).toBeGreaterThan(64 * 1024);
  for (const text of [
    keys,
    '\n'.repeat(64_000),
    '- !!x a\n'.repeat(8000),
    `a: |\n${' x\n'.repeat(600_000)}`,
  ]) {
    expect(whyNot(text)).toContain('more fields and lines than rules may have');
  }
});

test.each(['\u0001', 'a\n', '": #😀'])(
  'the largest list of rules can be exported and imported again: %j',
  (letter) => {
    const long = (length: number) => letter.repeat(length).slice(0, length - 1) + 'z';
    const rules = Array.from({ length: MAX_RULES }, (_, i): AlertRule => {
      const id = `${i}-`.padEnd(64, 'r');
      return {
        ...{ id, name: long(120), description: long(1000), enabled: true, metric: 'failed' },
        scope: { model: long(256), app: long(256), host: long(256) },
        ...{ comparator: '>=', threshold: 0.123456789, windowSeconds: 86_400, forSeconds: 86_400 },
        ...{ noData: 'ok', renotifySeconds: 604_800, severity: 'critical' },
        quietHours: { from: '22:00', to: '07:00', timeZone: 'America/Argentina/Buenos_Aires' },
        channels: Array.from({ length: 32 }, (_one, channel) => `${channel}-`.padEnd(64, 'c')),
      };
    });
    expect(checkRules(rules).problems).toEqual([]);
    const yaml = toYaml(rules);
    expect(Buffer.byteLength(yaml)).toBeLessThan(MAX_RULES_BYTES);
    expect(rulesOf(readYaml(yaml))).toEqual(rules);
  },
);
