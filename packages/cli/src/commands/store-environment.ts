import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { busAccess } from '../bus/embedded-bus.ts';
import { readBusState } from '../bus/bus-state.ts';
import { readStackSecrets } from '../bus/bus-users.ts';
import { caPath } from '../bus/certificates.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readPidFile } from '../home/pid-file.ts';
import { givenAs } from '../stack/setting-files.ts';
import { readStackState } from '../stack/stack-state.ts';

/** The Redis that `REDIS_URL` names, else that of the stack that runs here. */
export async function storeEnvironment(
  context: Context,
): Promise<Record<string, string | undefined>> {
  const { env, home, command } = context;
  if (env['REDIS_URL'] || env['REDIS_URL_FILE']) return env;
  const found = await readPidFile(home.pidFile);
  const state = await readStackState(home.stateFile);
  if (found.state !== 'running' || !state) {
    throw new CliError('LLM Monitor does not run.', {
      hint: `Start it first:  ${command} start\nOr name the Redis of one that runs elsewhere: REDIS_URL`,
    });
  }
  const given = givenAs(state.settings, 'REDIS_URL');
  if (given) return { ...env, ...given };
  return { ...env, REDIS_URL: await embeddedUrl(home.redis, state.redis) };
}

async function embeddedUrl(folder: string, shown: string): Promise<string> {
  if (shown.startsWith('/')) return `unix://${shown}`;
  const password = await readFile(join(folder, 'password'), 'utf8');
  return `redis://:${password.trim()}@${shown}`;
}

/** The same, and the NATS that `NATS_URL` names, else that of the stack that runs here, as its collectors speak to it. */
export async function collectorEnvironment(
  context: Context,
): Promise<Record<string, string | undefined>> {
  const { home } = context;
  const env = await storeEnvironment(context);
  if (env['NATS_URL'] || env['NATS_URL_FILE']) return env;
  const state = await readStackState(home.stateFile);
  const given = givenAs(state?.settings ?? {}, 'NATS_URL');
  if (given) return { ...env, ...given };
  const [bus, secrets] = [await readBusState(home.bus), await readStackSecrets(home.bus)];
  if (!bus || !secrets) return { ...env, NATS_URL: state?.natsUrl };
  const caFile = bus.listening.isTls ? caPath(home.bus) : undefined;
  const access = busAccess({
    folder: home.bus,
    listening: bus.listening,
    port: bus.port,
    secrets,
    caFile,
  });
  return {
    ...env,
    NATS_URL: access.urlFor('collector'),
    ...(caFile === undefined ? {} : { NATS_CA: caFile }),
  };
}
