import { readdirSync, readFileSync } from 'node:fs';

import { parseStat, type ProcessStat } from '../core/proc-text.ts';

// Reads of /proc never wait for a disk: each takes some microseconds, far less than handing it to another thread.

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export function readNames(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

/** Undefined when the process is gone. */
export function readStat(pid: number | 'self'): ProcessStat | undefined {
  const text = readText(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

export function ownPid(): number {
  return readStat('self')?.pid ?? 0;
}

export function listPids(): number[] {
  return (readNames('/proc') ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
}

export function listProcesses(): ProcessStat[] {
  return listPids().flatMap((pid) => readStat(pid) ?? []);
}

/** What the threads of a process started. Undefined where the kernel keeps no such lists; empty when the process is gone. */
export function listChildren(pid: number): number[] | undefined {
  const children: number[] = [];
  for (const thread of readNames(`/proc/${pid}/task`) ?? []) {
    const text = readText(`/proc/${pid}/task/${thread}/children`);
    if (text === undefined && readText(`/proc/${pid}/task/${thread}/stat`)) return undefined;
    for (const child of text?.split(' ') ?? []) if (child !== '') children.push(Number(child));
  }
  return children;
}
