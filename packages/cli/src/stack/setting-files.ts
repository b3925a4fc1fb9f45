import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { SETTINGS } from './settings.ts';

/** What this program reads itself. Services read their own. */
const NAMES = [...SETTINGS, 'PORT', 'HOST', 'BASE_PATH'];

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * The same context, whose environment holds what the files of `<NAME>_FILE` say of the stack's own settings, and which keeps the files
 * themselves for {@link handedOn}.
 * @throws {CliError} when one cannot be read, or a setting comes both ways
 */
export function withSettingFiles(context: Context): Context {
  const env = { ...context.env };
  const settingFiles: Record<string, string> = { ...context.settingFiles };
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
    if (canBeReadAgain(path)) settingFiles[name] = resolve(path);
  }
  return { ...context, env, settingFiles };
}

/** The environment for another program, which reads the files itself: what stands in an environment is easily seen and easily kept. */
export function handedOn(context: Pick<Context, 'env' | 'settingFiles'>): Context['env'] {
  const files = Object.entries(context.settingFiles ?? {});
  return {
    ...context.env,
    ...Object.assign({}, ...files.map(([name, path]) => asFile(name, path))),
  };
}

/** A setting by its file: nobody takes it both ways. */
export const asFile = (name: string, path: string): Record<string, string | undefined> => ({
  [name]: undefined,
  [`${name}_FILE`]: path,
});

/** Those of a stack, as far as what is given now does not say otherwise, by variable or by file. */
export function settingsOver(before: Settings, now: Settings): Record<string, string | undefined> {
  const given = Object.entries(now).filter(([, value]) => value);
  const names = new Set(given.map(([name]) => plainName(name)));
  const kept = Object.entries(before).filter(([name]) => !names.has(plainName(name)));
  return Object.fromEntries([...kept, ...given]);
}

/** How a setting was given: by variable, by file, or undefined when it was not. */
export function givenAs(settings: Settings, name: string): Record<string, string> | undefined {
  for (const one of [name, `${name}_FILE`]) if (settings[one]) return { [one]: settings[one] };
  return undefined;
}

const plainName = (name: string) => name.replace(/_FILE$/, '');

/** A pipe, as `<(…)` of a shell makes one, says what it has to say once. */
function canBeReadAgain(path: string): boolean {
  return statSync(path).isFile();
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
