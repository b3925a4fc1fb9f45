import { Transform } from 'node:stream';

import { ArchiveError } from './archive-format.ts';

const LINE_FEED = 0x0a;

/** Passes bytes on, and fails at a line of more than `maxBytes`, before anybody holds it as one text. */
export function boundLines(maxBytes: number): Transform {
  let length = 0;
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      const first = bytes.indexOf(LINE_FEED);
      length += first < 0 ? bytes.length : first;
      if (length > maxBytes) {
        return done(
          new ArchiveError(
            'The backup is damaged: a line of it has no end. Nothing was restored; take another one.',
          ),
        );
      }
      if (first >= 0) length = bytes.length - 1 - bytes.lastIndexOf(LINE_FEED);
      done(null, bytes);
    },
  });
}
