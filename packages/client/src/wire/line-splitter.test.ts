import { expect, test } from 'vitest';

import { createLineSplitter } from './line-splitter.ts';

test.each([1, 2, 3, 5, 7, 1000])('lines come out whole from chunks of %i bytes', (size) => {
  const bytes = Buffer.from('{"a":"é日🙂"}\n\r\n{"b":1}\nlast');
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => void lines.push(line));
  for (let at = 0; at < bytes.length; at += size) splitter.add(bytes.subarray(at, at + size));
  expect(lines).toEqual(['{"a":"é日🙂"}', '\r', '{"b":1}']);
  splitter.end();
  expect(lines).toEqual(['{"a":"é日🙂"}', '\r', '{"b":1}', 'last']);
});

test('lines come out whole from chunks that end with a line, after one that does not', () => {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => void lines.push(line));
  for (const chunk of ['é1\n\n日2\n', '🙂', '3\n4\n', '5\n', '\n'])
    splitter.add(Buffer.from(chunk));
  splitter.end();
  expect(lines).toEqual(['é1', '', '日2', '🙂3', '4', '5', '']);
});

test('a line of more than 1 MiB is given as an empty one, and what follows is read', () => {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => void lines.push(line));
  for (let part = 0; part < 20; part += 1) splitter.add(Buffer.alloc(64 * 1024, 'x'));
  splitter.add(Buffer.from('\nnext\n'));
  expect(lines).toEqual(['', 'next']);
});
