import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { STORE_ROLES, storeRules, type StoreRole } from '@llm-monitor/contracts/redis';

import { writePrivate } from '../home/write-private.ts';
import { newPassword } from './bus-users.ts';

/** Passwords of the services at Redis. */
export type StoreSecrets = Record<StoreRole, string>;

/** Redis runs as another user, of the same group. */
const GROUP_READS = 0o640;

/**
 * Writes who may do what in Redis, for its `aclfile`, and keeps the passwords beside it. They stay what they were.
 * @returns the passwords
 */
export async function prepareStoreUsers(folder: string): Promise<StoreSecrets> {
  const path = join(folder, 'secrets.json');
  const found = await readSecrets(path);
  const secrets = Object.fromEntries(
    STORE_ROLES.map((role) => [role, found[role] ?? newPassword()]),
  ) as StoreSecrets;
  await writePrivate(path, `${JSON.stringify(secrets)}\n`);
  await writePrivate(join(folder, 'users.acl'), formatAcl(secrets), { mode: GROUP_READS });
  return secrets;
}

/** Redis hashes with SHA-256, which is enough for passwords that nobody can guess. */
function formatAcl(secrets: StoreSecrets): string {
  const users = STORE_ROLES.map((role) => {
    const hash = createHash('sha256').update(secrets[role]).digest('hex');
    return `user ${role} on #${hash} ${storeRules(role).join(' ')}`;
  });
  // Who looks whether Redis answers needs no secret, and can do nothing else.
  const health = 'user health on nopass resetkeys resetchannels -@all +ping';
  // Nobody can log in as it. When Redis loads what it appended to its file it acts as this user, and 7.0 checks what that may do.
  const unused = 'user default off resetpass ~* resetchannels +@all';
  return [...users, health, unused, ''].join('\n');
}

async function readSecrets(path: string): Promise<Partial<StoreSecrets>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Partial<StoreSecrets>;
  } catch {
    return {};
  }
}
