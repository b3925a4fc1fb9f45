import { fileURLToPath } from 'node:url';

import {
  assertSafeToListen,
  readAccessTokens,
  readConfig,
  readServerTls,
  runService,
} from '@llm-monitor/runtime';

import { createApp } from './app.ts';
import { WebConfig } from './config.ts';
import { parseTrustProxy } from './core/trust-proxy.ts';

await runService({
  service: 'web',
  env: process.env,
  configure(env) {
    const config = readConfig(WebConfig, env);
    assertSafeToListen(config);
    readAccessTokens(config);
    readServerTls('', config);
    parseTrustProxy(config.TRUST_PROXY);
    return config;
  },
  start: ({ log, config }) =>
    createApp({
      config,
      log,
      dashboardFolder: fileURLToPath(new URL('../dashboard/dist', import.meta.url)),
      uptimeSeconds: () => process.uptime(),
    }),
});
