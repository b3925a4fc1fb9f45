import { hostname } from 'node:os';

import { readConfig, runService } from '@llm-monitor/runtime';

import { startCollector } from './app.ts';
import { CollectorConfig } from './config.ts';

await runService({
  service: 'collector',
  env: process.env,
  configure: (env) => readConfig(CollectorConfig, env),
  start: ({ log, config }) => startCollector(config, { log, name: `${hostname()}-${process.pid}` }),
});
