import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that only its owner may read, whole or not at all: a reader never sees half of it. */
export async function writePrivate(path: string, content: string): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, content, { mode: 0o600 });
  await rename(fresh, path);
}
