import { describe, expect, test } from 'vitest';

import { checkRule, checkRules } from './check-rules.ts';
import { READY_RULES } from './ready-rules.ts';

const right = {
  ...{ id: 'slow', name: 'Slow', metric: 'p95', comparator: '>', threshold: 5 },
  severity: 'warning',
};
const problemsOf = (over: object) =>
  checkRule({ ...right, ...over }).problems.map(({ field, detail }) => `${field}: ${detail}`);

describe('a rule', () => {
  test('is filled with what it leaves out', () => {
    expect(checkRule(right)).toEqual({
      problems: [],
      rule: {
        ...right,
        ...{ enabled: true, windowSeconds: 300, forSeconds: 0, noData: 'ok', renotifySeconds: 0 },
      },
    });
  });

  test('that is wrong says which field, and what is allowed there', () => {
    expect(problemsOf({ threshold: '5', windowSeconds: 5, colour: 'red' })).toEqual([
      'colour: is not known; known are id, name, description, enabled, metric, scope, comparator, threshold, windowSeconds, forSeconds, noData, renotifySeconds, severity, quietHours, channels',
      'threshold: must be a number, in the unit of the metric',
      'windowSeconds: must be a whole number of seconds, 10 to 86400 (a day)',
    ]);
    expect(problemsOf({ id: 'Über', severity: undefined })).toEqual([
      'id: must be lower-case letters, digits and dashes, at most 64, such as "failed-requests"',
      'severity: is missing: info, warning or critical',
    ]);
    expect(problemsOf({ metric: 'moon_phase' })[0]).toMatch(
      /^metric: is not known; known are requests, /,
    );
    expect(problemsOf({ threshold: Number.NaN })).toHaveLength(1);
    expect(checkRule('x').problems).toMatchObject([
      {
        ...{ rule: 'the rule', field: '' },
        detail: 'must be an object with id, name, metric, comparator, threshold and severity',
      },
    ]);
  });

  test('that is wrong says so in Italian, too', () => {
    const { problems } = checkRule({ ...right, windowSeconds: 5, severity: undefined });
    expect(problems.map(({ field, details }) => `${field} ${details.it}`)).toEqual([
      'windowSeconds deve essere: un numero intero di secondi, da 10 a 86400 (un giorno)',
      'severity manca: info, warning o critical',
    ]);
  });

  test('looks only at what its metric can be split and narrowed by', () => {
    expect(problemsOf({ scope: { each: 'planet' } })).toEqual([
      'scope.each: must be model, app, host or bot',
    ]);
    expect(problemsOf({ scope: { bot: 'b' } })).toEqual([
      'scope.bot: p95 can be narrowed to model, app, host',
    ]);
    expect(problemsOf({ metric: 'cpu_percent', scope: { each: 'app' } })).toEqual([
      'scope.each: cpu_percent can be split by host',
    ]);
    expect(problemsOf({ scope: { model: 'm', each: 'model' } })).toEqual([
      'scope.each: is of one model only: leave out scope.model, or each',
    ]);
  });

  test('has quiet hours that are times, of a place that there is', () => {
    const quiet = (over: object) =>
      problemsOf({ quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Rome', ...over } });
    expect(quiet({})).toEqual([]);
    expect(quiet({ from: '24:00' })).toEqual([
      'quietHours.from: must be a time of day, such as "22:00"',
    ]);
    expect(quiet({ to: '22:00' })).toEqual(['quietHours.to: must differ from quietHours.from']);
    expect(quiet({ timeZone: 'Mars/Base' })).toHaveLength(1);
  });
});

describe('a list of rules', () => {
  test('is right where all are: the ready ones are', () => {
    expect(checkRules(READY_RULES)).toEqual({ rules: READY_RULES, problems: [] });
  });

  test('that is wrong all over is told in few words', () => {
    const odd = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`k${i}`, 1]));
    const { problems } = checkRules([{ ...right, ...odd }]);
    expect(problems).toHaveLength(6);
    expect(problems[5]?.detail).toBe('has 8995 more fields that are not known');
    expect(checkRules(Array.from({ length: 100 }, () => odd)).problems).toHaveLength(100);
  });

  test('names the rule, by its place where it has no id, and takes each id once', () => {
    const { rules, problems } = checkRules([right, { ...right, name: '' }, {}, right]);
    expect(rules).toHaveLength(2);
    expect(problems[0]).toMatchObject({
      rule: 'slow',
      field: 'name',
      detail: 'must be 1 to 120 characters',
    });
    expect(problems[1]).toMatchObject({ rule: 'rule 3', field: 'id' });
    expect(problems.at(-1)).toMatchObject({
      rule: 'slow',
      field: 'id',
      detail: 'another rule has this id',
    });
    expect(checkRules({}).problems).toMatchObject([
      { rule: '', field: 'rules', detail: 'must be a list of rules' },
    ]);
    expect(checkRules(Array.from({ length: 101 }, () => right)).problems[0]?.detail).toMatch(
      /at most 100/,
    );
  });
});
