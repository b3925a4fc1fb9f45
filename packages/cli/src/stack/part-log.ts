import type { Writable } from 'node:stream';

import { createStream } from 'rotating-file-stream';

const FILE_SIZE = '5M';
const OLD_FILES = 3;

/** The log of one part, `<part>.log`, with at most three older files beside it. */
export function openPartLog(folder: string, part: string): Writable {
  const log = createStream(`${part}.log`, {
    path: folder,
    size: FILE_SIZE,
    rotate: OLD_FILES,
    mode: 0o600,
  });
  // A full disk must not end the stack: the part runs on, its log has a gap.
  log.on('error', () => undefined);
  return log;
}
