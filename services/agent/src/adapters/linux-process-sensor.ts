import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

import { isDue } from '../core/is-due.ts';
import { parsePageSize, type ProcessStat } from '../core/proc-text.ts';
import type { ProcessReading } from '../core/process-usage.ts';
import { withDescendants } from '../core/server-names.ts';
import { listChildren, listProcesses, ownPid, readStat } from './linux-processes.ts';
import { findListeners } from './linux-listeners.ts';
import type { ProcessSensor } from './process-sensor.ts';

/** The family of a server changes when a model is loaded: its runner is a new process. */
const FAMILY_EVERY_MS = 2000;
/** Without the kernel's own lists of children every process of the machine is looked at. */
const SLOW_FAMILY_EVERY_MS = 5000;
const FIND_EVERY_MS = 5000;

/**
 * Reads /proc. The processes that listen on the port are found once, and again when they are gone; what they started belongs to
 * them. Memory is the resident set: it holds the model's mapped file, which is what fills the machine.
 */
export function createLinuxProcessSensor(port: number): ProcessSensor {
  const pageBytes = parsePageSize(readFileSync('/proc/self/smaps', 'utf8'));
  const self = ownPid();
  let roots: ProcessStat[] = [];
  let soughtAtMs = -Infinity;
  let family: number[] = [];
  let familyAtMs = -Infinity;
  let seeking: Promise<void> | undefined;

  const isStillThere = (root: ProcessStat) => readStat(root.pid)?.startedMs === root.startedMs;
  const seek = async (nowMs: number) => {
    soughtAtMs = nowMs;
    familyAtMs = -Infinity;
    roots = (await findListeners(port)).flatMap((pid) => readStat(pid) ?? []);
  };
  const readFamily = (nowMs: number) => {
    const pids = roots.map(({ pid }) => pid);
    const direct = familyByLists(pids, self);
    const everyMs = direct ? FAMILY_EVERY_MS : SLOW_FAMILY_EVERY_MS;
    if (!direct && !isDue(nowMs, familyAtMs, everyMs)) return;
    familyAtMs = nowMs;
    family = direct ?? withDescendants(pids, listProcesses(), self);
  };

  return {
    async read(nowMs) {
      if (roots.length === 0 || !roots.every(isStillThere)) {
        roots = [];
        if (!isDue(nowMs, soughtAtMs, FIND_EVERY_MS)) return [];
        seeking ??= seek(nowMs).finally(() => (seeking = undefined));
        await seeking;
        if (roots.length === 0) return [];
      }
      if (isDue(nowMs, familyAtMs, FAMILY_EVERY_MS)) readFamily(nowMs);
      const bootMs = nowMs - uptime() * 1000;
      return family.flatMap((pid) => {
        const stat = readStat(pid);
        return stat ? toReading(stat, bootMs, pageBytes) : [];
      });
    },
  };
}

function toReading(stat: ProcessStat, bootMs: number, pageBytes: number): ProcessReading {
  return {
    pid: stat.pid,
    startedAtMs: bootMs + stat.startedMs,
    cpuMs: stat.cpuMs,
    memoryBytes: stat.residentPages * pageBytes,
  };
}

/** Undefined where the kernel keeps no lists of children. */
function familyByLists(roots: readonly number[], except: number): number[] | undefined {
  const found: number[] = [];
  const open = [...roots];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (pid === except || found.includes(pid)) continue;
    found.push(pid);
    const children = listChildren(pid);
    if (!children) return undefined;
    open.push(...children);
  }
  return found;
}
