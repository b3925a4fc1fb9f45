import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { findProgram } from './find-program.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 300_000;
const POLICY = '/usr/sbin/policy-rc.d';

/** A server that may have to be installed, by its package's name in each package manager. */
export interface Installable {
  apt: string;
  brew: string;
}

/**
 * Installs with the machine's package manager, where this user may.
 * @returns whether it was done; why not is worth no word, since Docker is tried next
 */
export async function installPrograms(
  wanted: readonly Installable[],
  options: { path: string | undefined; isRoot: boolean; say(text: string): void },
): Promise<boolean> {
  const apt = findProgram(['apt-get'], options.path);
  const brew = findProgram(['brew'], options.path);
  try {
    if (apt && options.isRoot) {
      const names = wanted.map((one) => one.apt);
      options.say(`Installing ${names.join(' and ')} with apt …`);
      await withoutServiceStart(() => installWithApt(apt, names));
      return true;
    }
    if (brew) {
      const names = wanted.map((one) => one.brew);
      options.say(`Installing ${names.join(' and ')} with Homebrew …`);
      await run(brew, ['install', '--quiet', ...names], { timeout: TIMEOUT_MS });
      return true;
    }
  } catch {
    options.say('That did not work.');
  }
  return false;
}

async function installWithApt(apt: string, names: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run(apt, ['update', '-qq'], { env, timeout: TIMEOUT_MS });
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...names];
  await run(apt, args, { env, timeout: TIMEOUT_MS });
}

/** Debian starts a server as soon as it is installed, and it would take the port. A policy of this name forbids that. */
async function withoutServiceStart(install: () => Promise<void>): Promise<void> {
  if (existsSync(POLICY)) return await install();
  await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install();
  } finally {
    await rm(POLICY, { force: true });
  }
}
