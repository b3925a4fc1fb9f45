import { rm } from 'node:fs/promises';

import type { Context } from '../context.ts';
import { readPidFile } from '../home/pid-file.ts';
import { endProcess } from '../processes/end-process.ts';
import { endLeftovers } from '../stack/end-leftovers.ts';

/** Services, Redis and NATS end one after the other, each within its own bound. */
const GRACE_MS = 45_000;

/** `stop`: ends the stack by its own PID. That it does not run is no error. */
export async function stop(context: Context): Promise<number> {
  const { home, terminal } = context;
  const found = await readPidFile(home.pidFile);
  if (found.state === 'running') {
    const endedItself = await endProcess(found.identity, GRACE_MS);
    if (!endedItself) terminal.printError('It did not end in time and was made to.');
  }
  if (found.state === 'stale')
    terminal.print('Removed a stale PID file: it had not ended properly.');
  const leftovers = await endLeftovers(home);
  if (leftovers.length > 0) terminal.print(`Ended what was left: ${leftovers.join(', ')}.`);
  if (found.state !== 'absent') await rm(home.pidFile, { force: true });
  terminal.print(
    found.state === 'running' ? 'Stopped. Your data stay.' : 'LLM Monitor does not run.',
  );
  return 0;
}
