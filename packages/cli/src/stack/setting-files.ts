import { readFileSync } from 'node:fs';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { SETTINGS } from './plan-stack.ts';

/** What this program reads itself. Services read their own. */
const NAMES = [...SETTINGS, 'PORT', 'HOST', 'BASE_PATH'];

/**
 * The same context, whose environment holds what the files of `<NAME>_FILE` say of the stack's own settings.
 * @throws {CliError} when one cannot be read, or a setting comes both ways
 */
export function withSettingFiles(context: Context): Context {
  const env = { ...context.env };
  for (const name of NAMES) {
    const path = env[`${name}_FILE`];
    if (!path) continue;
    if (env[name]) {
      throw new CliError(
        `Both ${name} and ${name}_FILE are given, and only one of them can hold. Remove one of them.`,
      );
    }
    env[name] = read(name, path);
    env[`${name}_FILE`] = undefined;
  }
  return { ...context, env };
}

function read(name: string, path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CliError(`${name}_FILE names "${path}", which cannot be read: ${why}.`, {
      hint: `Put the value of ${name} there, or remove ${name}_FILE.`,
      cause,
    });
  }
  if (text !== '') return text;
  throw new CliError(`${name}_FILE names "${path}", which is empty.`, {
    hint: `Put the value of ${name} there, or remove ${name}_FILE.`,
  });
}
