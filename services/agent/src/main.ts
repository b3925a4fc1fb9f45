import { runService } from '@llm-monitor/runtime';

import { startAgent } from './app.ts';
import { readAgentConfig } from './config.ts';

await runService({
  service: 'agent',
  env: process.env,
  configure: readAgentConfig,
  start: startAgent,
});
