import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readPidFile } from '../home/pid-file.ts';
import { endLeftovers } from '../stack/end-leftovers.ts';

/** `cleanup`: removes logs and stale files; with `--data` everything that was collected, after a question. */
export async function cleanup(
  context: Context,
  options: { data?: boolean; yes?: boolean },
): Promise<number> {
  const { home, terminal } = context;
  const found = await readPidFile(home.pidFile);
  if (found.state === 'running') {
    if (options.data) {
      throw new CliError('Data cannot be removed while LLM Monitor runs.', {
        hint: `Stop it first:  ${context.command} stop`,
      });
    }
    return await removeOldLogs(context);
  }
  if (options.data && !options.yes && !(await isConfirmed(context))) return 1;
  const ended = await endLeftovers(home);
  if (ended.length > 0) terminal.print(`Ended what was left: ${ended.join(', ')}.`);
  const gone = [
    home.logs,
    home.pidFile,
    home.lastStateFile,
    ...(options.data ? [home.nats, home.redis] : []),
  ];
  for (const path of gone) await rm(path, { recursive: true, force: true });
  terminal.print(options.data ? 'Removed logs and all data.' : 'Removed logs and stale files.');
  return 0;
}

/** Open logs are left alone: their writers would go on in a file that nobody sees. */
async function removeOldLogs({ home, terminal }: Context): Promise<number> {
  const old = (await readdir(home.logs).catch(() => [])).filter((name) => !name.endsWith('.log'));
  for (const name of old) await rm(join(home.logs, name), { force: true });
  terminal.print(`Removed ${old.length} old log files; it runs, so present ones stay.`);
  return 0;
}

async function isConfirmed({ home, terminal }: Context): Promise<boolean> {
  terminal.print(`This removes every call collected in ${home.folder}. There is no way back.`);
  const answer = await terminal.ask('Type "yes" to go on: ');
  if (answer === undefined) {
    terminal.printError('Nobody can be asked here. To remove it without a question:  --yes');
    return false;
  }
  if (answer.trim().toLowerCase() === 'yes') return true;
  terminal.print('Nothing was removed.');
  return false;
}
