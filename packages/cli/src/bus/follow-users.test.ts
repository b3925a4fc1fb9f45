import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { writePrivate } from '../home/write-private.ts';
import { writeBusState } from './bus-state.ts';
import { accountsConfPath, readUsers, writeUsers, type BusUser } from './bus-users.ts';
import { followUsers } from './follow-users.ts';
import { lockUsers } from './lock-users.ts';

const folder = mkdtempSync(join(tmpdir(), 'follow-users-'));
afterAll(() => rmSync(folder, { recursive: true }));

const userOf = (name: string): BusUser => ({
  ...{ name, role: 'app', of: name, password: 'hash', createdAtMs: 0 },
});
const conf = () => readFile(accountsConfPath(folder), 'utf8');

test('a server is told of users that somebody else wrote, and not of those that it knows', async () => {
  const listening = { host: '127.0.0.1', isLocal: true, isOpen: true, isTls: false };
  await writeBusState(folder, { listening, port: 4222, separatesApps: true });
  const options = { openTo: 'llm-monitor-local', separatesApps: true };
  await writeUsers(folder, [userOf('a')], options);
  const errors: Error[] = [];
  let reloads = 0;
  let told = () => {};
  const next = () => new Promise<void>((resolve) => (told = resolve));
  const following = followUsers({
    ...{ folder, pid: process.pid, onError: (error: Error) => void errors.push(error) },
    async reload() {
      reloads += 1;
      told();
    },
  });
  const both = [userOf('a'), userOf('b')];
  await lockUsers(folder, process.pid, () => writeUsers(folder, both, options));
  const heard = next();
  // As a version does that knows no accounts.
  const users = [...(await readUsers(folder)), userOf('c')];
  await writePrivate(join(folder, 'users.json'), JSON.stringify(users));
  await heard;
  following.stop();
  expect(await conf()).toMatch(/LLM_APPS \{\n.*(?:\n.*)*user: "c"/);
  expect([reloads, errors]).toEqual([1, []]);
});

test('where nothing can be watched the rest goes on', () => {
  const errors: string[] = [];
  const following = followUsers({
    ...{ folder: join(folder, 'none'), pid: process.pid, reload: async () => undefined },
    onError: ({ message }) => void errors.push(message),
  });
  following.stop();
  expect(errors).toEqual([expect.stringContaining('ENOENT')]);
});
