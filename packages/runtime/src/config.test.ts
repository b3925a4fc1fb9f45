import { Type } from '@llm-monitor/contracts/typebox';
import { expect, test } from 'vitest';

import { busConfig, commonConfig, readConfig } from './config.ts';
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

test.each([
  ['12.25', 12.25],
  ['12.', 12],
  ['.25', 0.25],
  ['+1.5', 1.5],
  ['100', 100],
])('days of "%s" are %d', (text, days) => {
  expect(readConfig(schema, { DAYS: text, COUNT: '+7' })).toMatchObject({ DAYS: days, COUNT: 7 });
});

test.each(['1.5', 'true', '0x10', '1e3', '30s', '10 000', '-1'])(
  'a count of "%s" is refused, and not taken for something near it',
  (text) => {
    expect(() => readConfig(schema, { COUNT: text })).toThrow(/COUNT must be .* \(it is ".*"\)/);
  },
);

test.each(['abc', 'true', '1,5', '7d', 'd7', '.', '.5.5', 'Infinity', 'NaN'])(
  'so are days of "%s"',
  (text) => {
    expect(() => readConfig(schema, { DAYS: text })).toThrow(/DAYS must be number/);
  },
);

test('a level that is none does not keep a service from saying so', () => {
  expect(logLevelOf({ LOG_LEVEL: 'debug' })).toBe('debug');
  expect(logLevelOf({ LOG_LEVEL: 'silent' })).toBe('silent');
  for (const LOG_LEVEL of ['loud', ' ', '__proto__'])
    expect(logLevelOf({ LOG_LEVEL })).toBe('info');
});

test.each(['nonsense url', 'http://127.0.0.1:4222', 'nats://', 'nats://a:1,b c', 'nats://h:99999'])(
  'a NATS_URL of "%s" is refused by its name',
  (NATS_URL) => {
    const read = () => readConfig(Type.Object(busConfig), { NATS_URL });
    expect(read).toThrow(/^NATS_URL must be an address such as nats:/);
  },
);

test('an address that can be one is taken as it is, and a password is not shown', () => {
  const config = Type.Object(commonConfig);
  const NATS_URL = 'tls://u:p%40s@a:1, b,nats://c:3';
  const REDIS_URL = 'unix:///run/redis.sock';
  expect(readConfig(config, { NATS_URL, REDIS_URL })).toMatchObject({ NATS_URL, REDIS_URL });
  expect(() => readConfig(config, { NATS_URL: 'http://u:hidden@a' })).toThrow(/^(?!.*hidden)/);
  expect(() => readConfig(config, { NATS_URL: 'nats://u:50%hidden@a' })).toThrow(
    /^NATS_URL (?!.*hidden).*%25/,
  );
  expect(() => readConfig(config, { REDIS_URL: 'redis://u:50%hidden@a,b' })).toThrow(
    /^REDIS_URL (?!.*hidden).*%25/,
  );
  expect(() => readConfig(config, { REDIS_URL: 'redis://u:50%hidden@a' })).toThrow(
    /^REDIS_URL (?!.*hidden).*%25/,
  );
  expect(() => readConfig(config, { REDIS_URL: 'here' })).toThrow(/^REDIS_URL must start with/);
});

test('what must be one of some says which there are, and a text how it looks', () => {
  const path = Type.String({ pattern: '^/', description: 'a path such as /here' });
  expect(() => readConfig(Type.Object({ PATH: path }), { PATH: 'there' })).toThrow(
    'PATH must be a path such as /here (it is "there")',
  );
  expect(() => readConfig(Type.Object(busConfig), { LOG_LEVEL: 'loud' })).toThrow(
    'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent (it is "loud")',
  );
});
