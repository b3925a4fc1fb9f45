import { readlinkSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

import { listeningSockets, type ListeningSocket } from '../core/proc-text.ts';
import { isForwarder, onlyServer, withDescendants } from '../core/server-names.ts';
import { listPids, listProcesses, readNames, readStat, readText } from './linux-processes.ts';

/** Between so many processes others have their turn: a machine may have thousands of them. */
const PROCESSES_A_TURN = 20;

/**
 * The processes that listen on a port of this machine. Where their owner may not be seen, or only hands on to a container, the
 * only inference server that is known by its name.
 */
export async function findListeners(port: number): Promise<number[]> {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
    listeningSockets(readText(path) ?? '', port),
  );
  if (sockets.length === 0) return [];
  const holders = await holdersOf(sockets);
  const own = holders.filter((pid) => !isForwarder(readStat(pid)?.name ?? ''));
  if (own.length > 0) return ancestors(own);
  const uids = holders.length > 0 ? undefined : new Set(sockets.map(({ uid }) => uid));
  const candidates = listProcesses().filter(({ pid }) => !uids || uids.has(ownerOf(pid)));
  return ancestors(onlyServer(candidates).map(({ pid }) => pid));
}

/** A socket that was handed to children is held by all of them. */
async function holdersOf(sockets: readonly ListeningSocket[]): Promise<number[]> {
  const links = new Set(sockets.map(({ inode }) => `socket:[${inode}]`));
  const holders: number[] = [];
  for (const [index, pid] of listPids().entries()) {
    if (index % PROCESSES_A_TURN === 0) await setImmediate();
    const folder = `/proc/${pid}/fd`;
    const holds = (fd: string) => links.has(readLink(`${folder}/${fd}`));
    if (readNames(folder)?.some(holds)) holders.push(pid);
  }
  return holders;
}

/** Those of some processes that none of the others started. */
function ancestors(pids: readonly number[]): number[] {
  const all = listProcesses();
  const children = new Set(
    pids.flatMap((pid) => withDescendants([pid], all, 0).filter((one) => one !== pid)),
  );
  return pids.filter((pid) => !children.has(pid));
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function ownerOf(pid: number): number {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return -1;
  }
}
