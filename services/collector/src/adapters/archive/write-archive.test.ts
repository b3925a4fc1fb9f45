import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { ArchiveHead } from './archive-format.ts';
import { openArchiveWriter } from './write-archive.ts';

const OTHERS_MAY = 0o077;

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'of somebody', { mode: 0o644 });
  return { folder, victim, path: join(folder, 'kept.gz') };
}

async function write(path: string): Promise<void> {
  const writer = openArchiveWriter(path, {} as ArchiveHead);
  await writer.add({} as never);
  await writer.end({ keys: 1, requests: 0 });
}

test('a backup is never written through what somebody has laid in its way', async () => {
  const { folder, victim, path } = setUp();
  symlinkSync(victim, `${path}.part`);
  symlinkSync(victim, path);
  await write(path);
  expect(readFileSync(victim, 'utf8')).toBe('of somebody');
  expect(statSync(path).mode & OTHERS_MAY).toBe(0);
  expect(readdirSync(folder).toSorted()).toEqual(['kept.gz', 'kept.gz.part', 'victim']);
});

test('nor into a file that others have opened already', async () => {
  const { path } = setUp();
  writeFileSync(`${path}.part`, '', { mode: 0o666 });
  await write(path);
  expect(statSync(path).mode & OTHERS_MAY).toBe(0);
});
