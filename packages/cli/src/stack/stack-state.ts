import { readFile } from 'node:fs/promises';

import type { Home } from '../home/home.ts';
import { writePrivate } from '../home/write-private.ts';
import type { ProcessIdentity } from '../processes/process-identity.ts';
import type { PartPhase } from './supervise-part.ts';

/** One part, as the running stack last described it. */
export interface PartState {
  name: string;
  phase: PartPhase;
  /** Undefined while it is not running. */
  process?: ProcessIdentity | undefined;
  startedAtMs: number;
  restarts: number;
  readyUrl?: string | undefined;
}

/** Where programs reach a proxy of the agent, and the server behind it. */
export interface ShownProxy {
  listen: string;
  /** `host:port` */
  upstream: string;
}

/** What a running stack tells other commands, in `stack.json` of the data folder. */
export interface StackState {
  webUrl: string;
  apiUrl: string;
  natsUrl: string;
  /** Without credentials: what may be shown. */
  redis: string;
  /** Where programs reach the agent's proxy, and the server behind it; absent when it does not listen. */
  proxy?: ShownProxy | undefined;
  /** Those to other servers. */
  proxies?: ShownProxy[] | undefined;
  startedAtMs: number;
  /** What it was started with, for a restart that keeps it. */
  settings: Record<string, string>;
  /** The names of what stood in variables and is kept nowhere. */
  unkept?: string[] | undefined;
  /** It asks who comes in. */
  isGuarded?: boolean | undefined;
  /** False until all its services are ready: what it is started with may be wrong. A version before does not say it. */
  wasReady?: boolean | undefined;
  parts: PartState[];
}

export async function readStackState(path: string): Promise<StackState | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as StackState;
  } catch {
    return undefined;
  }
}

/** Of the stack that was ready last. */
export async function readLastState(
  home: Pick<Home, 'stateFile' | 'lastStateFile'>,
): Promise<StackState | undefined> {
  const latest = await readStackState(home.stateFile);
  return latest && latest.wasReady !== false ? latest : await readStackState(home.lastStateFile);
}

/** Writes it whole or not at all: a reader never sees half of it. */
export async function writeStackState(path: string, state: StackState): Promise<void> {
  await writePrivate(path, `${JSON.stringify(state, null, 2)}\n`);
}
