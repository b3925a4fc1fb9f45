import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes a file that only its owner may read (or whom `mode` lets), whole or not at all: a reader never sees half of it. */
export async function writePrivate(
  path: string,
  content: string,
  options: { mode?: number } = {},
): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  // What lies there was left behind, or leads elsewhere: its mode and its place would be those of the secret.
  await rm(fresh, { force: true });
  try {
    await writeFile(fresh, content, { mode: options.mode ?? 0o600, flag: 'wx' });
    await rename(fresh, path);
  } catch (error) {
    // A full disk, mostly: half a secret is of use to nobody.
    await rm(fresh, { force: true });
    throw error;
  }
}
