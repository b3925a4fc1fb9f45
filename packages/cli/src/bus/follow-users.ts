import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { writePrivate } from '../home/write-private.ts';
import { readBusState } from './bus-state.ts';
import { accountsConfPath, confOptionsOf, readUsers } from './bus-users.ts';
import { lockUsers } from './lock-users.ts';
import { formatUsersConf } from './users-conf.ts';

/**
 * Sees that the embedded NATS takes the users that are kept, whoever changed them. A version before this one, whose `credentials` are called while
 * this one's server runs, writes them without their accounts, where this server does not read.
 * @param options.reload has the server read its configuration again
 */
export function followUsers(options: {
  folder: string;
  pid: number;
  reload(): Promise<unknown>;
  onError(error: Error): void;
}): { stop(): void } {
  const { folder, pid, reload, onError } = options;
  const bring = async () => {
    const conf = formatUsersConf(
      await readUsers(folder),
      confOptionsOf(await readBusState(folder)),
    );
    if (conf === (await readFile(accountsConfPath(folder), 'utf8'))) return;
    await writePrivate(accountsConfPath(folder), conf);
    await reload();
  };
  // Whoever knows these files holds the lock until all is written: then there is nothing to do.
  let work = Promise.resolve();
  const look = () => {
    work = work.then(() => lockUsers(folder, pid, bring)).catch(onError);
  };
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === null || name === 'users.json') look();
    });
    watcher.on('error', onError);
    return { stop: () => watcher.close() };
  } catch (error) {
    // A system lets a user watch so many files and no more. It is no reason not to run.
    onError(error as Error);
    return { stop: () => undefined };
  }
}
