import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { CliError } from '../cli-error.ts';
import { claimPidFile, releasePidFile } from '../home/pid-file.ts';
import { ownIdentity } from '../processes/own-identity.ts';

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 25;

/**
 * Does what reads the users of the bus and writes them again, while no other command of this machine does.
 * @param folder where they are kept; it is there
 * @throws {CliError} when another takes longer than ten seconds, or the system does not say which processes run
 */
export async function lockUsers<T>(
  folder: string,
  pid: number,
  work: () => Promise<T>,
): Promise<T> {
  const path = join(folder, 'users.lock');
  const mine = await ownIdentity(pid);
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await claimPidFile(path, mine);
    if (found.state !== 'running') break;
    if (Date.now() > endMs) throw new CliError(...busy(found.identity.pid));
    await wait(LOOK_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    await releasePidFile(path, mine);
  }
}

const busy = (pid: number): ConstructorParameters<typeof CliError> => [
  `Another command changes the users of the bus (pid ${pid}).`,
  { hint: 'Try again when it has ended.' },
];
