/** One process, as the first line of `/proc/<pid>/stat` tells. */
export interface ProcessStat {
  pid: number;
  /** At most 15 characters. */
  name: string;
  parentPid: number;
  /** User and system time so far. */
  cpuMs: number;
  /** Since boot. With the pid it names a process for ever. */
  startedMs: number;
  residentPages: number;
}

/** A socket that listens: its inode, and the user who opened it. */
export interface ListeningSocket {
  inode: string;
  uid: number;
}

/** What Linux tells programs is in hundredths of a second (USER_HZ) on every architecture that Node runs on. */
const MS_PER_TICK = 10;
const LISTENS = '0A';

export function parseStat(text: string): ProcessStat | undefined {
  // The name stands in parentheses and may itself hold spaces and parentheses.
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const number = (index: number) => Number(fields[index]);
  const stat: ProcessStat = {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    parentPid: number(1),
    cpuMs: (number(11) + number(12)) * MS_PER_TICK,
    startedMs: number(19) * MS_PER_TICK,
    residentPages: number(21),
  };
  return Number.isFinite(stat.residentPages) && Number.isFinite(stat.cpuMs) ? stat : undefined;
}

/** The sockets of `/proc/net/tcp` or `tcp6` that listen on `port`. */
export function listeningSockets(table: string, port: number): ListeningSocket[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/);
    if (state !== LISTENS || !local?.endsWith(ending) || !inode) return [];
    return { inode, uid: Number(uid) };
  });
}

/** The size of a page in bytes, from `/proc/<pid>/smaps`. */
export function parsePageSize(smaps: string): number {
  return Number(/^KernelPageSize:\s+(\d+) kB$/m.exec(smaps)?.[1] ?? 4) * 1024;
}
