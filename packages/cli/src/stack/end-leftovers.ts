import { rename, rm } from 'node:fs/promises';

import type { Home } from '../home/home.ts';
import { endProcess } from '../processes/end-process.ts';
import { isRunning } from '../processes/process-identity.ts';
import { readStackState } from './stack-state.ts';

const GRACE_MS = 10_000;
/** Who needs whom: those that need others end first. */
const LAST_TO_END = ['redis', 'nats'];

/**
 * Ends the parts of a stack whose supervisor was killed. Only processes that it noted down itself, by number and start. What it says of
 * itself is kept aside, for a restart, unless it was never ready: then that of the one before is.
 * @returns their names
 */
export async function endLeftovers({
  stateFile,
  lastStateFile,
}: Pick<Home, 'stateFile' | 'lastStateFile'>): Promise<string[]> {
  const state = await readStackState(stateFile);
  const alive: { name: string; end(): Promise<boolean> }[] = [];
  for (const { name, process } of state?.parts ?? []) {
    if (process && (await isRunning(process))) {
      alive.push({ name, end: () => endProcess(process, GRACE_MS) });
    }
  }
  const isServer = (part: { name: string }) => LAST_TO_END.includes(part.name);
  await Promise.all(alive.filter((part) => !isServer(part)).map((part) => part.end()));
  for (const name of LAST_TO_END) await alive.find((part) => part.name === name)?.end();
  if (state?.wasReady === false) await rm(stateFile, { force: true });
  // It may be gone already: a stack that ends by itself does the same.
  else await rename(stateFile, lastStateFile).catch(() => undefined);
  return alive.map((part) => part.name);
}
