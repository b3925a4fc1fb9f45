import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** What a program is called: the name in the package.json above its script, else the script's file name. */
export function appName(script: string | undefined): string {
  if (!script) return 'node';
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    const name = packageName(join(folder, 'package.json'));
    if (name) return name;
    if (folder === dirname(folder)) break;
  }
  return basename(script, extname(script)) || 'node';
}

function packageName(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
