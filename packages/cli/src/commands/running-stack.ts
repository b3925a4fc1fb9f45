import type { BusCredentials } from '@llm-monitor/client';

import { readBusState } from '../bus/bus-state.ts';
import { readStackSecrets, stackUserName } from '../bus/bus-users.ts';
import { caPath } from '../bus/certificates.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import type { Home } from '../home/home.ts';
import { accessToken } from '../home/access-token.ts';
import { readPidFile } from '../home/pid-file.ts';
import { givenAs } from '../stack/setting-files.ts';
import { readStackState } from '../stack/stack-state.ts';
import { namedMonitor } from './named-monitor.ts';

/** Where a running monitor takes calls and answers questions. */
export interface RunningStack {
  webUrl: string;
  natsUrl: string;
  /** How a client is let in there, as far as this machine knows. */
  nats?: BusCredentials;
  token: string | undefined;
  /** How a person calls this program, for advice. */
  command: string;
}

/**
 * The stack of this data folder; or any other (composed, on another machine) that `LLM_MONITOR_URL` and
 * `LLM_MONITOR_NATS_URL` name.
 * @throws {CliError} when it does not run
 */
export async function findRunningStack(context: Context): Promise<RunningStack> {
  const { env, home, command } = context;
  const token = accessToken(env);
  const webUrl = namedMonitor(env);
  if (webUrl) {
    const natsUrl = env['LLM_MONITOR_NATS_URL'] || 'nats://127.0.0.1:4222';
    return { webUrl, natsUrl, token, command };
  }
  const found = await readPidFile(home.pidFile);
  const state = await readStackState(home.stateFile);
  if (found.state === 'running' && state) {
    const nats = givenAs(state.settings, 'NATS_URL') ? undefined : await credentialsOf(home);
    return {
      ...{ webUrl: state.webUrl, natsUrl: state.natsUrl, token, command },
      ...(nats ? { nats } : {}),
    };
  }
  throw new CliError('LLM Monitor does not run.', {
    hint: `Start it first:  ${command} start\nOr name one that runs elsewhere: LLM_MONITOR_URL, LLM_MONITOR_NATS_URL`,
  });
}

/** Those of this machine's own programs. */
async function credentialsOf(home: Home): Promise<BusCredentials | undefined> {
  const secrets = await readStackSecrets(home.bus);
  if (!secrets) return undefined;
  const state = await readBusState(home.bus);
  return {
    user: stackUserName('local'),
    password: secrets.local,
    ...(state?.listening.isTls ? { tls: { caFile: caPath(home.bus) } } : {}),
  };
}
