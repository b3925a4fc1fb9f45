import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writePrivate } from '../home/write-private.ts';
import type { BusListening } from './bus-listening.ts';

/** How the NATS was started last whose users are kept here, for commands that change them. */
export interface BusState {
  listening: BusListening;
  port: number;
  /** It is no part of an embedded stack. */
  isForeign?: boolean | undefined;
  /** Apps have an account of their own there; absent where a version before it started it. */
  separatesApps?: boolean | undefined;
  /** Where other machines reach it; absent when they cannot. */
  reachableHost?: string | undefined;
}

const pathIn = (folder: string) => join(folder, 'bus.json');

export async function readBusState(folder: string): Promise<BusState | undefined> {
  try {
    return JSON.parse(await readFile(pathIn(folder), 'utf8')) as BusState;
  } catch {
    return undefined;
  }
}

export async function writeBusState(folder: string, state: BusState): Promise<void> {
  await writePrivate(pathIn(folder), `${JSON.stringify(state, null, 2)}\n`);
}
