import { hostname } from 'node:os';

import { readConfig, runService } from '@llm-monitor/runtime';

import { startAlerts } from './app.ts';
import { AlertsConfig } from './config.ts';

await runService({
  service: 'alerts',
  env: process.env,
  configure: (env) => readConfig(AlertsConfig, env),
  start({ log, config }) {
    const name = `${hostname()}-${process.pid}`;
    return startAlerts(config, { log, name });
  },
});
