import { credentialsFrom } from '@llm-monitor/client/observe';
import type { BusCredentials } from '@llm-monitor/client';

import { findRunningStack } from '../commands/running-stack.ts';
import type { Context } from '../context.ts';
import { withSettingFiles } from '../stack/setting-files.ts';

/** Where events are heard, and as whom. */
export interface FoundBus {
  url: string;
  credentials: BusCredentials;
}

/**
 * The NATS that the environment names, else that of the stack that runs here, as a program of this machine.
 * @throws {CliError} when neither is known
 */
export async function findBus(context: Context): Promise<FoundBus> {
  const { env } = withSettingFiles(context);
  const named = env['LLM_MONITOR_NATS_URL'] || env['NATS_URL'];
  if (named) {
    return { url: named, credentials: credentialsFrom((name) => env[name] || undefined) };
  }
  const { natsUrl, nats = {} } = await findRunningStack(context);
  return { url: natsUrl, credentials: nats };
}
