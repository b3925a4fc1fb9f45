import { setTimeout as delay } from 'node:timers/promises';

import { isRunning, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 50;

/**
 * Asks a process to end, and after `graceMs` makes it.
 * @returns whether it ended by itself
 */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<boolean> {
  if (await endsAfter(identity, 'SIGTERM', graceMs)) return true;
  await endsAfter(identity, 'SIGKILL', 5000);
  return false;
}

async function endsAfter(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<boolean> {
  // Asked again right before the signal: the number may have changed hands since.
  if (!(await isRunning(identity))) return true;
  try {
    process.kill(identity.pid, signal);
  } catch {
    return !(await isRunning(identity));
  }
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    if (!(await isRunning(identity))) return true;
    await delay(POLL_MS);
  }
  return false;
}
