import { open, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';

/** Enough for many lines; a log is never read whole. */
const MAX_TAIL_BYTES = 512 * 1024;

/** The last lines of a file; none when there is no such file. */
export async function readLastLines(path: string, count: number): Promise<string[]> {
  const size = await sizeOf(path);
  const from = Math.max(0, size - MAX_TAIL_BYTES);
  const lines = (await readFrom(path, from)).toString('utf8').split('\n');
  // What was cut at the front is no whole line; what follows the last newline is none yet.
  return lines.slice(from > 0 ? 1 : 0, -1).slice(-count);
}

/** Gives each line that is added from now on, also after the file was rotated away and begun anew. */
export async function followFile(
  path: string,
  options: { onLine(line: string): void; pollMs: number; stopped: AbortSignal },
): Promise<void> {
  let position = await sizeOf(path);
  let rest = '';
  // The end of a file may be within a character.
  const decoder = new StringDecoder('utf8');
  while (!options.stopped.aborted) {
    await delay(options.pollMs, undefined, { signal: options.stopped }).catch(() => undefined);
    const size = await sizeOf(path);
    if (size < position) position = 0;
    if (size === position) continue;
    const bytes = await readFrom(path, position);
    position += bytes.length;
    const lines = (rest + decoder.write(bytes)).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(options.onLine);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;
    return 0;
  }
}

async function readFrom(path: string, position: number): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(Math.max(0, size - position)),
        position,
      });
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return Buffer.alloc(0);
  }
}
