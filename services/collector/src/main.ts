import { readConfig, runService } from '@llm-monitor/runtime';

import { startCollector } from './app.ts';
import { CollectorConfig } from './config.ts';

await runService({
  service: 'collector',
  env: process.env,
  start: ({ log, env }) => startCollector(readConfig(CollectorConfig, env), log),
});
