import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { CliError } from '../cli-error.ts';

/**
 * Where a file is to be written.
 * @throws {CliError} when one is there that nobody said may be replaced, or when none can be there
 */
export function placeOf(
  out: string,
  mayOverwrite: boolean,
  hint = 'Name another file, or say  --overwrite',
): string {
  const path = resolve(out);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw notWritten(new Error('it is a folder'), path);
  if (there && !mayOverwrite) throw new CliError(`${path} is there already.`, { hint });
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (cause) {
    throw notWritten(cause, path);
  }
  return path;
}

/** What went wrong with a file, so that a person can put it right. */
export function notWritten(cause: unknown, path: string): CliError {
  return new CliError(`${path} cannot be written: ${(cause as Error).message}`, {
    hint: 'Give room or the right to write there, or name another file.',
    cause,
  });
}
