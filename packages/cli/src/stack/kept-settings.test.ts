import { tmpdir } from 'node:os';

import { describe, expect, test } from 'vitest';

import { keptLimits, keptSettings, unkeptSettings } from './kept-settings.ts';

const KEY = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----';

test('a stack that is started again has all that it was started with, but secrets', () => {
  const env = {
    ...{ RETENTION_DAYS: '90', HOST: '0.0.0.0', ALLOWED_HOSTS: 'box', NATS_URL: 'nats://a:b@x' },
    ...{ TLS_CERT: '/c.pem', TLS_KEY: KEY, API_TLS_KEY: '/k.pem', LLM_MONITOR_HOST_NAME: 'box' },
    ...{
      LLM_MONITOR_TOKEN: 't',
      LLM_MONITOR_VIEWER_TOKEN_FILE: '/v',
      FREQTRADE_BOTS: '/bots.yaml',
    },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://o', OTEL_EXPORTER_OTLP_HEADERS: 'authorization=x' },
    // Of the shell, of commands, of monitored programs, of others.
    ...{ PATH: '/bin', LANG: 'C', PORT: '8090', PORT_FILE: '/p', LLM_MONITOR_HOME: '/h' },
    ...{ LLM_MONITOR_APP: 'shop', LLM_MONITOR_NATS_URL: 'nats://y', AWS_SECRET_ACCESS_KEY: 's' },
    ...{ MAX_REQUESTS: '' },
  };
  expect(keptSettings(env)).toEqual({
    ...{ RETENTION_DAYS: '90', HOST: '0.0.0.0', ALLOWED_HOSTS: 'box', NATS_URL: 'nats://a:b@x' },
    ...{ TLS_CERT: '/c.pem', API_TLS_KEY: '/k.pem', LLM_MONITOR_HOST_NAME: 'box' },
    ...{ LLM_MONITOR_VIEWER_TOKEN_FILE: '/v', FREQTRADE_BOTS: '/bots.yaml' },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://o' },
  });
  expect(unkeptSettings(env)).toEqual([
    'LLM_MONITOR_TOKEN',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'TLS_KEY',
  ]);
  const bots = { FREQTRADE_BOTS: '[{"password":"x"}]' };
  expect(keptSettings(bots)).toEqual({});
  expect(unkeptSettings(bots)).toEqual(['FREQTRADE_BOTS']);
});

test('the path of a file is kept so that it is found from another folder', () => {
  const before = process.cwd();
  process.chdir(tmpdir());
  try {
    const env = { TLS_CERT: '.', LLM_MONITOR_TOKEN_FILE: 'not-there', RETENTION_DAYS: '.' };
    expect(keptSettings(env)).toEqual({ ...env, TLS_CERT: process.cwd() });
  } finally {
    process.chdir(before);
  }
});

describe('limits of what is kept', () => {
  test('are those of the last run unless there are others now', () => {
    const before = { RETENTION_DAYS: '90', REDIS_MAXMEMORY_FILE: '/m', HOST: '0.0.0.0' };
    expect(keptLimits(before, {})).toEqual({ RETENTION_DAYS: '90', REDIS_MAXMEMORY_FILE: '/m' });
    expect(keptLimits(before, { RETENTION_DAYS_FILE: '/d', REDIS_MAXMEMORY: '2gb' })).toEqual({});
    expect(keptLimits(before, { RETENTION_DAYS: '' })).toMatchObject({ RETENTION_DAYS: '90' });
    expect(keptLimits({}, {})).toEqual({});
  });
});
