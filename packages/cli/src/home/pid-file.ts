import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { isRunning, type ProcessIdentity } from '../processes/process-identity.ts';

const LOCKED_MS = 5;

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
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, formatPidFile(mine), { mode: 0o600 });
    for (;;) {
      const found = await readPidFile(path);
      if (found.state === 'running') return found;
      if (found.state === 'stale') await removeStale(path, draft);
      if (await placeWhole(draft, path)) return found;
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** One at a time, and after another look: else one start would remove what another has put in the place of the stale one. */
async function removeStale(path: string, draft: string): Promise<void> {
  const lock = `${path}.lock`;
  if (await placeWhole(draft, lock)) {
    try {
      if ((await readPidFile(path)).state === 'stale') await rm(path, { force: true });
    } finally {
      await rm(lock, { force: true });
    }
    return;
  }
  // Whoever held it was killed in that moment.
  if ((await readPidFile(lock)).state === 'stale') await rm(lock, { force: true });
  else await delay(LOCKED_MS);
}

/** Under its name with all that it says at once: who finds half of it would take it for one left behind. False when one is there. */
async function placeWhole(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      // A file system without links.
      await copyFile(draft, path, constants.COPYFILE_EXCL);
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
