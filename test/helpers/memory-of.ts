import { execFileSync } from 'node:child_process';

/** Resident memory of a process in MiB, as `ps` says it. */
export function memoryOf(pid: number): number {
  const kibibytes = Number(
    execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }),
  );
  return kibibytes / 1024;
}
