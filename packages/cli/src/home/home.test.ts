import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { CliError } from '../cli-error.ts';
import { homeAt, prepareHome } from './home.ts';

test('the folders are made with their parents, and made again without harm', () => {
  const parent = mkdtempSync(join(tmpdir(), 'home-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const home = homeAt(join(parent, 'deep', 'home'));
  prepareHome(home);
  prepareHome(home);
  for (const folder of [home.folder, home.logs, home.nats, home.redis]) {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  }
});

test.runIf(process.platform === 'linux')('a place where no folder can be made is an error', () => {
  expect(() => prepareHome(homeAt('/proc/nope'))).toThrow(CliError);
});
