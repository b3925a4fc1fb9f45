import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { expect, test } from 'vitest';

import { boundLines } from './bound-lines.ts';

const through = (pieces: string[], maxBytes: number) =>
  text(Readable.from(pieces.map((piece) => Buffer.from(piece))).compose(boundLines(maxBytes)));

test.each([[['aaaa\nbb', 'bb\n']], [['aaaa', '\nbbbb\ncc', 'cc']], [['\n\n', '\n', 'aaaa\n']]])(
  'lines that are short enough pass as they are: %j',
  async (pieces) => {
    expect(await through(pieces, 4)).toBe(pieces.join(''));
  },
);

test.each([[['aaaaa\n']], [['aa', 'aa', 'a']], [['a\nbbb', 'bb\n']]])(
  'a line that is longer ends it: %j',
  async (pieces) => {
    await expect(through(pieces, 4)).rejects.toThrow('a line of it has no end');
  },
);
