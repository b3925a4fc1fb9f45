import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import type { Context } from '../context.ts';
import { givenAs, handedOn, settingsOver, withSettingFiles } from './setting-files.ts';

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

test('other programs are told the files, which they read themselves', () => {
  const REDIS_URL_FILE = file('redis', 'redis://:secret@db:6379');
  const context = withSettingFiles({ env: { REDIS_URL_FILE, PORT: '1' } } as unknown as Context);
  expect(context.env['REDIS_URL']).toContain('secret');
  expect(handedOn(context)).toEqual({ REDIS_URL: undefined, REDIS_URL_FILE, PORT: '1' });
});

test('what can be read only once is handed on as it was read', () => {
  const pipe = join(folder, 'pipe');
  const script = 'mkfifo "$0" && (echo redis://once >"$0" &)';
  execFileSync('sh', ['-c', script, pipe], { stdio: 'ignore' });
  const context = withSettingFiles({ env: { REDIS_URL_FILE: pipe } } as unknown as Context);
  expect(handedOn(context)['REDIS_URL']).toBe('redis://once');
});

test('a setting that is given now takes the place of one from before, however the two are given', () => {
  const before = { NATS_URL: 'nats://a', REDIS_URL_FILE: '/redis', NATS_PORT: '1' };
  const now = { NATS_URL_FILE: '/nats', REDIS_URL: 'redis://b', NATS_PORT: '' };
  expect(settingsOver(before, now)).toEqual({
    ...{ NATS_URL_FILE: '/nats', REDIS_URL: 'redis://b', NATS_PORT: '1' },
  });
});

test('how a setting was given can be asked', () => {
  expect(givenAs({ NATS_URL: 'nats://a' }, 'NATS_URL')).toEqual({ NATS_URL: 'nats://a' });
  expect(givenAs({ NATS_URL_FILE: '/a' }, 'NATS_URL')).toEqual({ NATS_URL_FILE: '/a' });
  expect(givenAs({ NATS_URL: '' }, 'NATS_URL')).toBeUndefined();
});
