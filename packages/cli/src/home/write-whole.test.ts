import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { writeWhole } from './write-whole.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function* pieces(texts: string[], breaksWith?: Error) {
  for (const text of texts) yield new TextEncoder().encode(text);
  if (breaksWith) throw breaksWith;
}

test('a file has its name only once it is whole', async () => {
  const path = join(folder, 'calls.csv');
  const seen: string[][] = [];
  const source = async function* () {
    yield* pieces(['a', 'bc']);
    seen.push(await readdir(folder));
    yield* pieces(['d']);
  };
  expect(await writeWhole(path, source())).toBe(4);
  expect(seen).toEqual([[`calls.csv.${process.pid}.part`]]);
  expect(await readdir(folder)).toEqual(['calls.csv']);
  expect(await readFile(path, 'utf8')).toBe('abcd');
});

test('a source that breaks off, or a stop, leaves what was there before', async () => {
  const path = join(folder, 'calls.csv');
  await expect(writeWhole(path, pieces(['x'], new Error('broken')))).rejects.toThrow('broken');
  const stopped = AbortSignal.abort(new Error('stopped'));
  await expect(writeWhole(path, pieces(['x']), { stopped })).rejects.toThrow('stopped');
  expect(await readdir(folder)).toEqual(['calls.csv']);
  expect(await readFile(path, 'utf8')).toBe('abcd');
});
