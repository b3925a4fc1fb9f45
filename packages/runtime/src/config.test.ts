import { Type } from '@llm-monitor/contracts/typebox';
import { expect, test } from 'vitest';

import { readConfig } from './config.ts';
import { logLevelOf } from './logger.ts';

const schema = Type.Object({
  COUNT: Type.Integer({ minimum: 0, default: 7 }),
  DAYS: Type.Number({ minimum: 0, default: 0.5 }),
  IS_ON: Type.Boolean({ default: false }),
});

test('settings are read as what they are, and an empty one is none', () => {
  expect(readConfig(schema, { COUNT: '', DAYS: undefined })).toEqual({
    ...{ COUNT: 7, DAYS: 0.5, IS_ON: false },
  });
  expect(readConfig(schema, { COUNT: ' 12 ', DAYS: '1.5', IS_ON: 'true' })).toEqual({
    ...{ COUNT: 12, DAYS: 1.5, IS_ON: true },
  });
});

test.each(['1.5', 'true', '0x10', '1e3', '30s', '10 000', '-1'])(
  'a count of "%s" is refused, and not taken for something near it',
  (text) => {
    expect(() => readConfig(schema, { COUNT: text })).toThrow(/COUNT must be .* \(it is ".*"\)/);
  },
);

test.each(['abc', 'true', '1,5', '7d', 'Infinity', 'NaN'])('so are days of "%s"', (text) => {
  expect(() => readConfig(schema, { DAYS: text })).toThrow(/DAYS must be number/);
});

test('a level that is none does not keep a service from saying so', () => {
  expect(logLevelOf({ LOG_LEVEL: 'debug' })).toBe('debug');
  expect(logLevelOf({ LOG_LEVEL: 'silent' })).toBe('silent');
  for (const LOG_LEVEL of ['loud', ' ', '__proto__'])
    expect(logLevelOf({ LOG_LEVEL })).toBe('info');
});
