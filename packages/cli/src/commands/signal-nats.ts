import { isRunning, type ProcessIdentity } from '../processes/process-identity.ts';
import type { Context } from '../context.ts';
import { readPidFile } from '../home/pid-file.ts';
import { readStackState } from '../stack/stack-state.ts';

/** The running stack's own NATS. */
export async function findNats({ home }: Context): Promise<ProcessIdentity | undefined> {
  const found = await readPidFile(home.pidFile);
  if (found.state !== 'running') return undefined;
  const state = await readStackState(home.stateFile);
  const nats = state?.parts.find(({ name }) => name === 'nats')?.process;
  return nats && (await isRunning(nats)) ? nats : undefined;
}

/** Has the running stack's own NATS read its users again, at once. False when there is none that runs. */
export async function signalNats(context: Context): Promise<boolean> {
  const nats = await findNats(context);
  if (nats) process.kill(nats.pid, 'SIGHUP');
  return nats !== undefined;
}
