import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where Debian and Homebrew put servers, though a user's PATH may not go there. */
const MORE_FOLDERS = ['/usr/local/bin', '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** The full path of the first of these programs that is installed. */
export function findProgram(
  names: readonly string[],
  path: string | undefined,
): string | undefined {
  const folders = [...(path ?? '').split(delimiter).filter(Boolean), ...MORE_FOLDERS];
  for (const name of names) {
    const candidates = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
    const found = candidates.find(isExecutable);
    if (found) return found;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
