import { readFileSync } from 'node:fs';

import { ConfigError } from './config-error.ts';

const MAX_BYTES = 256 * 1024;
const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'that is a folder',
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A setting as it is given: as the variable itself, or as a file named by `<name>_FILE`, as secrets are handed to containers.
 * Undefined when neither is there; empty ones count as unset.
 * @throws {ConfigError} when both are given, or the file cannot be read or is empty
 */
export function readSetting(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  const path = env[`${name}_FILE`]?.trim();
  if (!path) return text || undefined;
  if (text) {
    throw new ConfigError(
      `Both ${name} and ${name}_FILE are given, and only one of them can hold. Remove one and start again.`,
    );
  }
  const content = readSmallFile(name, path).trim();
  if (content) return content;
  throw new ConfigError(
    `${name}_FILE names "${path}", which is empty. Write the value of ${name} into it, or remove ${name}_FILE.`,
  );
}

function readSmallFile(name: string, path: string): string {
  try {
    const content = readFileSync(path);
    if (content.length <= MAX_BYTES) return content.toString('utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `${name}_FILE names "${path}", which cannot be read: ${REASONS[code] ?? code}. Put the value of ${name} there, or remove ${name}_FILE.`,
    );
  }
  throw new ConfigError(
    `${name}_FILE names "${path}", which holds more than ${MAX_BYTES / 1024} KiB: that is no setting.`,
  );
}
