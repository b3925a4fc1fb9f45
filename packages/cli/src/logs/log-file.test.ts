import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { followFile, readLastLines } from './log-file.ts';

describe('a log file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'log-'));
    path = join(folder, 'api.log');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives its last lines', async () => {
    await writeFile(path, 'a\nb\nc\n');
    expect(await readLastLines(path, 2)).toEqual(['b', 'c']);
  });

  it('gives none when it is not there', async () => {
    expect(await readLastLines(path, 2)).toEqual([]);
  });

  it('is followed across a rotation, line by line', async () => {
    await writeFile(path, 'old, and longer than what follows\n');
    const seen: string[] = [];
    const stop = new AbortController();
    const following = followFile(path, {
      onLine: (line) => seen.push(line),
      pollMs: 5,
      stopped: stop.signal,
    });
    await vi.waitUntil(async () => {
      await appendFile(path, 'added\n');
      return seen.length > 0;
    });
    expect(new Set(seen)).toEqual(new Set(['added']));
    await rename(path, `${path}.1`);
    await writeFile(path, 'new\n');
    await vi.waitUntil(() => seen.includes('new'));
    stop.abort();
    await following;
  });

  it('gives each line once and whole where its characters come in pieces', async () => {
    await writeFile(path, 'older\n');
    const seen: string[] = [];
    const stop = new AbortController();
    const following = followFile(path, {
      onLine: (line) => seen.push(line),
      pollMs: 0,
      stopped: stop.signal,
    });
    await vi.waitUntil(async () => {
      await appendFile(path, 'begun\n');
      return seen.length > 0;
    });
    const line = '€'.repeat(100);
    for (const byte of Buffer.from(`${line}\n`)) await appendFile(path, Buffer.from([byte]));
    await appendFile(path, 'last\n');
    await vi.waitUntil(() => seen.includes('last'));
    stop.abort();
    await following;
    expect(seen.filter((one) => one !== 'begun')).toEqual([line, 'last']);
  });
});
