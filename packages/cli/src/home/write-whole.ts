import { open, rename, rm, type FileHandle } from 'node:fs/promises';

/**
 * Writes a file that grows for long: beside its place, and there only once it is whole and on the disk. What fails before leaves nothing.
 * @returns its bytes
 */
export async function writeWhole(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  options: { onProgress?(bytes: number): void; stopped?: AbortSignal } = {},
): Promise<number> {
  const part = `${path}.${process.pid}.part`;
  const file = await open(part, 'wx', 0o600);
  try {
    const bytes = await writeAll(file, pieces, options.onProgress);
    options.stopped?.throwIfAborted();
    await file.sync();
    await file.close();
    await rename(part, path);
    return bytes;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}

async function writeAll(
  file: FileHandle,
  pieces: AsyncIterable<Uint8Array>,
  onProgress: ((bytes: number) => void) | undefined,
): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) {
    await file.writeFile(piece);
    bytes += piece.byteLength;
    onProgress?.(bytes);
  }
  return bytes;
}
