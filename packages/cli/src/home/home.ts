import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CliError } from '../cli-error.ts';
import { writePrivate } from './write-private.ts';

/** The data folder, `.llm-monitor` beside the checkout unless `LLM_MONITOR_HOME` names another. */
export interface Home {
  folder: string;
  pidFile: string;
  stateFile: string;
  /** The same of the stack that ran last, once it is stopped. */
  lastStateFile: string;
  logs: string;
  nats: string;
  redis: string;
  /** Who may speak on NATS, and the certificates. */
  bus: string;
  /** By what this machine joined the monitor of another. */
  enrolment: string;
  /** The address of its NATS, with the password. */
  enrolledUrl: string;
}

export function homeAt(folder: string): Home {
  return {
    folder,
    pidFile: join(folder, 'llm-monitor.pid'),
    stateFile: join(folder, 'stack.json'),
    lastStateFile: join(folder, 'stack.last.json'),
    logs: join(folder, 'logs'),
    nats: join(folder, 'nats'),
    redis: join(folder, 'redis'),
    bus: join(folder, 'bus'),
    enrolment: join(folder, 'enrolment.json'),
    enrolledUrl: join(folder, 'enrolment.url'),
  };
}

/**
 * Makes the folders. Prompts lie in there: only their owner may look.
 * @throws {CliError} when they cannot be written
 */
export function prepareHome(home: Home): void {
  try {
    for (const folder of [home.folder, home.logs, home.nats, home.redis, home.bus]) {
      makeFolder(folder);
      accessSync(folder, constants.W_OK);
    }
  } catch (cause) {
    throw new CliError(
      `The data folder ${home.folder} cannot be written: ${(cause as Error).message}`,
      {
        hint: 'Give yourself the right to write there, or name another with LLM_MONITOR_HOME.',
        cause,
      },
    );
  }
}

/** More than a start writes before anything runs, so that where this has no room that would not have it either. */
const PROBE_BYTES = 256 * 1024;

/**
 * The same, and there is room for what a start writes.
 * @throws {Error} of the disk when there is none
 */
export async function probeHome(home: Home): Promise<void> {
  prepareHome(home);
  await writePrivate(join(home.folder, 'probe'), '0'.repeat(PROBE_BYTES));
  await rm(join(home.folder, 'probe'), { force: true });
}

/** Node's own recursive mkdir never returns where a parent exists and yet refuses with ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another start may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
