import { readConfig, runService } from '@llm-monitor/runtime';

import { startConnectors } from './app.ts';
import { ConnectorsConfig } from './config.ts';
import { readBots } from './freqtrade/bots-config.ts';
import { readOtlpSettings } from './otlp/otlp-config.ts';

await runService({
  service: 'connectors',
  env: process.env,
  configure(env) {
    // What they connect to is judged here too, so that a restart asks before it stops anything.
    readBots(env);
    readOtlpSettings(env);
    return readConfig(ConnectorsConfig, env);
  },
  start: ({ log, config }) => startConnectors(config, { log, env: process.env }),
});
