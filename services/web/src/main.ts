import { fileURLToPath } from 'node:url';

import { assertSafeToListen, readConfig, runService } from '@llm-monitor/runtime';

import { createApp } from './app.ts';
import { WebConfig } from './config.ts';

await runService({
  service: 'web',
  env: process.env,
  async start({ log, env }) {
    const config = readConfig(WebConfig, env);
    assertSafeToListen(config);
    return createApp({
      config,
      log,
      dashboardFolder: fileURLToPath(new URL('../dashboard/dist', import.meta.url)),
      uptimeSeconds: () => process.uptime(),
    });
  },
});
