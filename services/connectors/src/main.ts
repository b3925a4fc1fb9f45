import { readConfig, runService } from '@llm-monitor/runtime';

import { startConnectors } from './app.ts';
import { ConnectorsConfig } from './config.ts';

await runService({
  service: 'connectors',
  env: process.env,
  configure: (env) => readConfig(ConnectorsConfig, env),
  start: ({ log, config }) => startConnectors(config, { log, env: process.env }),
});
