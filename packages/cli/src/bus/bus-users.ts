import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { BusRole } from '@llm-monitor/contracts/bus';

import { CliError } from '../cli-error.ts';
import { writePrivate } from '../home/write-private.ts';
import { SERVICES } from '../stack/service-names.ts';
import type { BusState } from './bus-state.ts';
import { hashPassword } from './hash-password.ts';
import { formatUsersConf, type UsersConfOptions } from './users-conf.ts';

/** A user of the bus, as it is kept. */
export interface BusUser {
  name: string;
  role: BusRole;
  /** The app or the host that it speaks for. */
  of: string;
  /** As nats-server reads it: a bcrypt hash; the password itself is nowhere. */
  password: string;
  createdAtMs: number;
}

/** Who of the stack itself speaks on the bus. */
export const STACK_USERS = [...SERVICES, 'local'] as const;
export type StackUser = (typeof STACK_USERS)[number];
/** Passwords of the stack's own users, by role. */
export type StackSecrets = Record<StackUser, string>;

const PASSWORD_BYTES = 24;
const PREFIX = 'llm-monitor-';

export const stackUserName = (role: StackUser): string => `${PREFIX}${role}`;
export const isStackUser = (name: string): boolean => name.startsWith(PREFIX);
/** Random enough that nobody guesses it, and of letters that need no quoting anywhere. */
export const newPassword = (): string => randomBytes(PASSWORD_BYTES).toString('base64url');

/** What a NATS includes that somebody else runs. */
export const usersConfPath = (folder: string): string => join(folder, 'users.conf');
export const ACCOUNTS_CONF = 'accounts.conf';
/**
 * What the embedded one includes. Versions before this one write only the other, as they know it: the accounts of a server that runs, and
 * so its streams, are not theirs to change.
 */
export const accountsConfPath = (folder: string): string => join(folder, ACCOUNTS_CONF);

/** @throws {CliError} when the file is damaged */
export async function readUsers(folder: string): Promise<BusUser[]> {
  const path = join(folder, 'users.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as BusUser[];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    // Not damaged: somebody else has written it.
    if (code !== undefined) throw error;
    throw new CliError(`The users of the bus cannot be read: ${(error as Error).message}`, {
      hint: `See ${path}. Without that file users are made anew, and apps need new credentials.`,
    });
  }
}

/** Writes the users, and what NATS reads of them. Each file is whole or as it was. */
export async function writeUsers(
  folder: string,
  users: readonly BusUser[],
  options: UsersConfOptions,
): Promise<void> {
  await writePrivate(join(folder, 'users.json'), `${JSON.stringify(users, null, 2)}\n`);
  const conf = formatUsersConf(users, options);
  await writePrivate(usersConfPath(folder), conf);
  if (options.separatesApps) await writePrivate(accountsConfPath(folder), conf);
}

/** How the server takes its users that was started last. */
export function confOptionsOf(state: BusState | undefined): UsersConfOptions {
  return {
    openTo: state?.listening.isOpen ? stackUserName('local') : undefined,
    separatesApps: state?.separatesApps ?? false,
  };
}

/** The passwords of the stack's own users; undefined before the first start. */
export async function readStackSecrets(folder: string): Promise<StackSecrets | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8')) as StackSecrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;
    return undefined;
  }
}

/**
 * Sees that the stack's own users are there, each confined to what it does, and writes what NATS is to read.
 * @param options.isOpen programs of this machine need no credentials: who names none is `local`
 * @param options.separatesApps see {@link UsersConfOptions}
 */
export async function prepareUsers(
  folder: string,
  options: { host: string; isOpen: boolean; separatesApps: boolean; nowMs: number },
): Promise<StackSecrets> {
  const found = await readStackSecrets(folder);
  const secrets = Object.fromEntries(
    STACK_USERS.map((role) => [role, found?.[role] ?? newPassword()]),
  ) as StackSecrets;
  await writePrivate(join(folder, 'secrets.json'), `${JSON.stringify(secrets)}\n`);
  const others = (await readUsers(folder)).filter(({ name }) => !isStackUser(name));
  const own = await Promise.all(
    STACK_USERS.map(async (role) => ({
      ...{ name: stackUserName(role), role, of: options.host, createdAtMs: options.nowMs },
      // Old servers compare the password of who names none as it stands here.
      password:
        role === 'local' && options.isOpen ? secrets[role] : await hashPassword(secrets[role]),
    })),
  );
  const openTo = options.isOpen ? stackUserName('local') : undefined;
  const { separatesApps } = options;
  await writeUsers(folder, [...own, ...others], { openTo, separatesApps });
  return secrets;
}
