import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import type { Context } from '../context.ts';
import { withSettingFiles } from './setting-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const read = (env: Record<string, string>) => withSettingFiles({ env } as unknown as Context).env;

test("the stack's own settings may come from files, others are left to who reads them", () => {
  const REDIS_URL_FILE = file('redis', 'redis://:secret@db:6379\n');
  const env = read({ REDIS_URL_FILE, LLM_MONITOR_TOKEN_FILE: '/token', PORT: '8090' });
  expect(env).toEqual({
    ...{ REDIS_URL: 'redis://:secret@db:6379', REDIS_URL_FILE: undefined },
    ...{ LLM_MONITOR_TOKEN_FILE: '/token', PORT: '8090' },
  });
});

test('a file that says nothing is refused, and so is a setting that comes both ways', () => {
  const PORT_FILE = file('port', '\n');
  expect(() => read({ PORT_FILE })).toThrow('which is empty');
  expect(() => read({ PORT_FILE, PORT: '1' })).toThrow('Both PORT and PORT_FILE are given');
  expect(() => read({ NATS_URL_FILE: '/nowhere' })).toThrow(
    'NATS_URL_FILE names "/nowhere", which cannot be read: ENOENT.',
  );
});
