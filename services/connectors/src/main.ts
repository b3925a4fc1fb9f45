import { readConfig, runService } from '@llm-monitor/runtime';

import { startConnectors } from './app.ts';
import { ConnectorsConfig } from './config.ts';

await runService({
  service: 'connectors',
  env: process.env,
  start: ({ log, env }) => startConnectors(readConfig(ConnectorsConfig, env), { log, env }),
});
