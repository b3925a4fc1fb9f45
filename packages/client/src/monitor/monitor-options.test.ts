import { expect, test } from 'vitest';

import { resolveSettings } from './monitor-options.ts';

const found = { app: () => 'my-app', host: 'host', instance: 'instance' };

test('without options and environment there are defaults for everything', () => {
  expect(resolveSettings({}, {}, found)).toMatchObject({
    app: 'my-app',
    natsUrl: 'nats://127.0.0.1:4222',
    capture: 'preview',
    disabled: false,
    demo: false,
    heartbeatIntervalMs: 10_000,
  });
});

test('the environment configures, and options go before it', () => {
  const env = {
    LLM_MONITOR_APP: 'env-app',
    LLM_MONITOR_NATS_URL: 'nats://bus:4222',
    LLM_MONITOR_CAPTURE: 'off',
    LLM_MONITOR_DISABLED: 'TRUE',
    LLM_MONITOR_HEARTBEAT_MS: '500',
  };
  expect(resolveSettings({}, env, found)).toMatchObject({
    app: 'env-app',
    natsUrl: 'nats://bus:4222',
    capture: 'off',
    disabled: true,
    heartbeatIntervalMs: 500,
  });
  const options = { app: 'option-app', capture: 'full', disabled: false } as const;
  expect(resolveSettings(options, env, found)).toMatchObject(options);
});

test('a mistyped capture publishes less, not more', () => {
  expect(resolveSettings({}, { LLM_MONITOR_CAPTURE: 'of' }, found).capture).toBe('off');
});
