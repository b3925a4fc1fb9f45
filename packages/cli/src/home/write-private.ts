import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that only its owner may read (or whom `mode` lets), whole or not at all: a reader never sees half of it. */
export async function writePrivate(
  path: string,
  content: string,
  options: { mode?: number } = {},
): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, content, { mode: options.mode ?? 0o600 });
  await rename(fresh, path);
}
