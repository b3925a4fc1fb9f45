import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Context } from '../context.ts';
import { formatBytes } from '../terminal/format.ts';
import { hasAutostart, removeAutostart } from './autostart.ts';
import { stop } from './stop.ts';

/**
 * `uninstall`: stops, takes the autostart away, removes what was collected after a question, and says what is left. Removes only what it made:
 * a folder that somebody named may hold more.
 */
export async function uninstall(
  context: Context,
  options: { yes?: boolean; keepData?: boolean },
): Promise<number> {
  const { terminal, home } = context;
  const mayRemove = !options.keepData && (options.yes || (await isConfirmed(context)));
  if (!options.keepData && mayRemove === undefined) return 1;
  await stop(context);
  if (await hasAutostart(context)) await removeAutostart(context);
  const removed = mayRemove ? await removeData(context) : false;
  terminal.print('');
  terminal.print(removed ? 'Removed all that was collected.' : `Your data stay in ${home.folder}`);
  terminal.print(await whatIsLeft(context));
  return 0;
}

/** True, false, or undefined when nobody can be asked. */
async function isConfirmed({ home, terminal }: Context): Promise<boolean | undefined> {
  const bytes = await sizeOf(home.folder);
  if (bytes === undefined) return true;
  terminal.print(
    `It stops LLM Monitor. Then it can remove every call, all logs and credentials in ${home.folder} (${formatBytes(bytes)}). There is no way back from that.`,
  );
  const answer = await terminal.ask('Type "yes" to remove them too, anything else keeps them: ');
  if (answer !== undefined) return answer.trim().toLowerCase() === 'yes';
  terminal.printError('Nobody can be asked here. Say  --keep-data, or  --yes  to remove them.');
  return undefined;
}

/** @returns whether nothing of it is left */
async function removeData({ home, terminal }: Context): Promise<boolean> {
  const { logs, nats, redis, bus, pidFile, enrolment } = home;
  const states = [home.stateFile, home.lastStateFile];
  for (const path of [logs, nats, redis, bus, pidFile, ...states, enrolment]) {
    await rm(path, { recursive: true, force: true });
  }
  const others = await readdir(home.folder).catch(() => []);
  if (others.length === 0) await rmdir(home.folder).catch(() => undefined);
  else
    terminal.print(
      `Not its own, so it stays: ${others.map((name) => join(home.folder, name)).join(', ')}`,
    );
  return true;
}

async function whatIsLeft({ root, command }: Context): Promise<string> {
  const isCheckout = command === './llm-monitor';
  return [
    'What is left is the program itself:',
    isCheckout
      ? `  rm -r ${root}`
      : '  npm uninstall -g llm-monitor   (after npx there is nothing to remove)',
    'nats-server, redis-server and Docker images stay: other programs may use them.',
    'Programs that import the client run on without it; to take it out:  npm uninstall @llm-monitor/client',
  ].join('\n');
}

/** Undefined when the folder is not there. */
async function sizeOf(folder: string): Promise<number | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    () => undefined,
  );
  if (!entries) return undefined;
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(file.parentPath, file.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
