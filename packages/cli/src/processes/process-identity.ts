import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One process, for certain: a number alone may by now belong to another. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own words; together with the pid it names one process only. */
  started: string;
}

/** Identifies a process that runs now; undefined when there is none (a zombie counts as none). */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const started = (await startFromProc(pid)) ?? (await startFromPs(pid));
  return started ? { pid, started } : undefined;
}

/** Does this very process still run? */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.pid))?.started === identity.started;
}

async function startFromProc(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    return startOfStat(stat, boot.trim());
  } catch {
    return undefined;
  }
}

/** The program's name may hold blanks and brackets, so fields are counted from its closing bracket. */
export function startOfStat(stat: string, boot: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const startTicks = fields[19];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
  return `${boot.slice(0, 8)}-${startTicks}`;
}

async function startFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim().replace(/\s+/g, ' ') || undefined;
  } catch {
    return undefined;
  }
}
