import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { appName } from './app-name.ts';

test('a program is called what its package.json says, wherever its script is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'app-name-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'package.json'), '{"name":"@acme/generator"}');
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'src', 'package.json'), 'not json');
  expect(appName(join(folder, 'src', 'main.js'))).toBe('@acme/generator');
});

test('else it is called what its script is', () => {
  expect(appName('/no-such-folder/daily-report.mjs')).toBe('daily-report');
  expect(appName(undefined)).toBe('node');
});
