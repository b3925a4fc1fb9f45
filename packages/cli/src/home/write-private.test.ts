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

import { writePrivate } from './write-private.ts';

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'private-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secrets');
  return { folder, path, fresh: `${path}.${process.pid}.new` };
}

test('a secret is in nobody else’s hands, whatever lay in its way: a link to elsewhere, or a file that others may read', async () => {
  const { folder, path, fresh } = setUp();
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'of somebody');
  symlinkSync(victim, fresh);
  await writePrivate(path, 'one');
  writeFileSync(fresh, 'left behind', { mode: 0o644 });
  await writePrivate(path, 'two');
  expect(readFileSync(victim, 'utf8')).toBe('of somebody');
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).toSorted()).toEqual(['secrets', 'victim']);
});
