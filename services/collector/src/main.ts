import { hostname } from 'node:os';

import { readConfig, runService } from '@llm-monitor/runtime';

import { startCollector } from './app.ts';
import { CollectorConfig } from './config.ts';

await runService({
  service: 'collector',
  env: process.env,
  start({ log, env }) {
    const name = `${hostname()}-${process.pid}`;
    return startCollector(readConfig(CollectorConfig, env), { log, name });
  },
});
