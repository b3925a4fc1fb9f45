import { describe, expect, test } from 'vitest';

import { readingsOfRule } from './readings-of-rule.ts';

const readings = [
  { of: { model: 'a', host: 'x' }, value: 1 },
  { of: { model: 'a', host: 'y' }, value: 2 },
  { of: { model: 'b', host: 'y' }, value: 4 },
];
const look = (scope: Parameters<typeof readingsOfRule>[1], from = readings) =>
  readingsOfRule({ readings: from, absent: 0 }, scope, 'sum').readings;

describe('what a rule looks at', () => {
  test('is one figure of all, of one, or of each', () => {
    expect(look(undefined)).toEqual([{ of: {}, value: 7 }]);
    expect(look({ host: 'y' })).toEqual([{ of: { host: 'y' }, value: 6 }]);
    expect(look({ each: 'model' })).toEqual([
      { of: { model: 'a' }, value: 3 },
      { of: { model: 'b' }, value: 4 },
    ]);
    expect(look({ each: 'model', host: 'x' })).toEqual([
      { of: { host: 'x', model: 'a' }, value: 1 },
    ]);
    expect(readingsOfRule({ readings }, undefined, 'max').readings).toEqual([{ of: {}, value: 4 }]);
  });

  test('of nothing is the value of what is absent, and none where that has none', () => {
    expect(look({ model: 'c' })).toEqual([{ of: { model: 'c' }, value: 0 }]);
    expect(look({ each: 'app' })).toEqual([]);
    expect(readingsOfRule({ readings: [] }, undefined, 'sum').readings).toEqual([
      { of: {}, value: null },
    ]);
  });

  test('takes nothing from a subject that has no value', () => {
    const some = [
      { of: { model: 'a' }, value: null },
      { of: { model: 'b' }, value: -3 },
    ];
    const of = (readings: { of: { model: string }; value: number | null }[]) =>
      readingsOfRule({ readings }, undefined, 'max').readings[0]?.value;
    expect(of(some)).toBe(-3);
    expect(of(some.slice(0, 1))).toBeNull();
  });

  test('says that a part of it cannot be told', () => {
    const some = [...readings, { of: { model: 'a', host: 'z' }, value: 9, isHeld: true }];
    expect(look({ each: 'model' }, some)[0]).toEqual({
      of: { model: 'a' },
      value: 3,
      isHeld: true,
    });
    expect(look({ host: 'z' }, some)).toEqual([{ of: { host: 'z' }, value: null, isHeld: true }]);
  });
});
