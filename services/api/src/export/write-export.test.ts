import { expect, test } from 'vitest';

import { createExportFormat } from './export-formats.ts';
import { writeExport } from './write-export.ts';

interface Row {
  text: string;
}
const FORMAT = createExportFormat<Row>('json', [['text', ({ text }) => text]]);

async function* pagesOf(...pages: Row[][]): AsyncGenerator<Row[], void> {
  yield* pages;
}

async function written(...pages: Row[][]) {
  const pieces: Buffer[] = [];
  /** How often somebody was known to take some, before each piece. */
  const taken: number[] = [];
  let times = 0;
  for await (const piece of writeExport(pagesOf(...pages), FORMAT, () => (times += 1))) {
    pieces.push(Buffer.from(piece));
    taken.push(times);
  }
  return { pieces, taken, text: Buffer.concat(pieces).toString('utf8') };
}

test('a file has its rows one after the other, and no others where there are none', async () => {
  const { text } = await written([{ text: 'one' }], [], [{ text: 'two' }, { text: 'three' }]);
  expect(JSON.parse(text)).toEqual([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
  expect(JSON.parse((await written()).text)).toEqual([]);
});

test('whoever takes a long page slowly is seen to take it, piece by piece', async () => {
  const page = [{ text: '😀 è'.repeat(50_000) }];
  const { pieces, taken, text } = await written(page);
  expect(JSON.parse(text)).toEqual(page);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(64 * 1024);
  expect(new Set(taken).size).toBeGreaterThan(5);
});
