import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { readUsers } from '../bus/bus-users.ts';
import { homeAt, prepareHome } from '../home/home.ts';
import { readHome } from './read-home.ts';

function aHome() {
  const folder = mkdtempSync(join(tmpdir(), 'home-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const home = homeAt(folder);
  prepareHome(home);
  return home;
}

test('what somebody else has written into the folder is found, there and one folder below', async () => {
  const home = aHome();
  const uid = process.getuid?.() ?? 0;
  writeFileSync(join(home.bus, 'users.json'), '[]');
  expect((await readHome(home, uid)).ofOthers).toEqual([]);
  const { ofOthers } = await readHome(home, uid + 1);
  expect(ofOthers).toContain(join(home.bus, 'users.json'));
  expect(ofOthers).toContain(home.logs);
});

test('a file of users that cannot be read is not called damaged: what helps is another', async () => {
  const { bus } = aHome();
  writeFileSync(join(bus, 'users.json'), '{');
  await expect(readUsers(bus)).rejects.toThrow('The users of the bus cannot be read');
  rmSync(join(bus, 'users.json'));
  mkdirSync(join(bus, 'users.json'));
  await expect(readUsers(bus)).rejects.toThrow(/^EISDIR/);
});
