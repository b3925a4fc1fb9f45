import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import {
  ArchiveError,
  type ArchiveEnd,
  type ArchiveEntry,
  type ArchiveHead,
} from './archive-format.ts';

/** A backup that is being written. It has its name only once it is whole. */
export interface ArchiveWriter {
  add(entry: ArchiveEntry): Promise<void>;
  end(counts: Pick<ArchiveEnd, 'keys' | 'requests'>): Promise<void>;
  /** Removes what was written so far. */
  abandon(): Promise<void>;
}

export function openArchiveWriter(path: string, head: ArchiveHead): ArchiveWriter {
  const part = `${path}.${randomUUID()}.part`;
  const gzip = createGzip();
  // Prompts may be in it: it is for its owner's eyes, and no link leads it elsewhere.
  const file = createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true });
  const written = finished(gzip.pipe(file)).catch((cause: Error) => {
    throw new ArchiveError(`${path} cannot be written: ${cause.message}`, { cause });
  });
  // Told by `end`; until then nobody waits for it.
  written.catch(() => undefined);
  file.on('error', (error) => gzip.destroy(error));
  // The file's own error is told.
  gzip.on('error', () => undefined);
  const digest = createHash('sha256');
  const write = async (value: unknown) => {
    const line = `${JSON.stringify(value)}\n`;
    digest.update(line);
    if (!gzip.write(line)) await Promise.race([once(gzip, 'drain'), written]);
  };
  let begun: Promise<void> | undefined;
  return {
    async add(entry) {
      await (begun ??= write(head));
      await write(entry);
    },
    async end(counts) {
      await (begun ??= write(head));
      const end: ArchiveEnd = { end: true, ...counts, sha256: digest.digest('hex') };
      gzip.end(`${JSON.stringify(end)}\n`);
      await written;
      await rename(part, path);
    },
    async abandon() {
      gzip.destroy();
      file.destroy();
      await rm(part, { force: true });
    },
  };
}
