import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { CliError } from '../cli-error.ts';

/** Where a file is to be written. @throws {CliError} when one is there that nobody said may be replaced */
export function placeOf(out: string, mayOverwrite: boolean): string {
  const path = resolve(out);
  if (mayOverwrite || !existsSync(path)) return path;
  throw new CliError(`${path} is there already.`, {
    hint: 'Name another file, or say  --overwrite',
  });
}
