import { link, readFile, rm, writeFile } from 'node:fs/promises';

import { isRunning, type ProcessIdentity } from '../processes/process-identity.ts';

/** What a PID file says. */
export type PidFileState =
  | { state: 'absent' }
  /** The process it names is gone, or its number belongs to another by now. */
  | { state: 'stale'; pid: number | undefined }
  | { state: 'running'; identity: ProcessIdentity };

/** Two lines: the number, and when that process started. */
export function formatPidFile(identity: ProcessIdentity): string {
  return `${identity.pid}\n${identity.started}\n`;
}

export function parsePidFile(text: string): ProcessIdentity | undefined {
  const [first = '', started = ''] = text.split('\n');
  const pid = Number(first);
  return Number.isInteger(pid) && pid > 0 && started ? { pid, started } : undefined;
}

export async function readPidFile(path: string): Promise<PidFileState> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'absent' };
    throw error;
  }
  const identity = parsePidFile(text);
  if (!identity) return { state: 'stale', pid: undefined };
  return (await isRunning(identity))
    ? { state: 'running', identity }
    : { state: 'stale', pid: identity.pid };
}

/**
 * Takes the PID file for this process, so that only one of its kind runs on a folder.
 * @returns what was found before: `running` means that it was not taken
 */
export async function claimPidFile(path: string, mine: ProcessIdentity): Promise<PidFileState> {
  const draft = `${path}.${mine.pid}`;
  await writeFile(draft, formatPidFile(mine), { mode: 0o600 });
  try {
    for (;;) {
      const found = await readPidFile(path);
      if (found.state === 'running') return found;
      if (found.state === 'stale') await rm(path, { force: true });
      if (await placeWhole(draft, path, mine)) return found;
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Under its name with all that it says at once: who finds half of it would take it for one left behind. False when one is there. */
async function placeWhole(draft: string, path: string, mine: ProcessIdentity): Promise<boolean> {
  try {
    await link(draft, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      // A file system without links.
      await writeFile(path, formatPidFile(mine), { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Gives the PID file back, if it is still this process's. */
export async function releasePidFile(path: string, mine: ProcessIdentity): Promise<void> {
  const found = await readPidFile(path);
  if (found.state === 'running' && found.identity.pid === mine.pid) await rm(path, { force: true });
}
