import { isRunning } from '../processes/process-identity.ts';
import type { Context } from '../context.ts';
import { readPidFile } from '../home/pid-file.ts';
import { readStackState } from '../stack/stack-state.ts';

/** Has the running stack's own NATS read its users again, at once. False when there is none that runs. */
export async function signalNats({ home }: Context): Promise<boolean> {
  const found = await readPidFile(home.pidFile);
  if (found.state !== 'running') return false;
  const state = await readStackState(home.stateFile);
  const nats = state?.parts.find(({ name }) => name === 'nats')?.process;
  if (!nats || !(await isRunning(nats))) return false;
  process.kill(nats.pid, 'SIGHUP');
  return true;
}
