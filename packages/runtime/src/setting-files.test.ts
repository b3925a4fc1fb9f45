import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Type } from '@llm-monitor/contracts/typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Port, readConfig } from './config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const schema = Type.Object({ TOKEN: Type.String({ default: '' }), PORT: Port(80) });

function aFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a setting may stand in a file, whose last line end does not count', () => {
  const env = { TOKEN_FILE: aFile('token', 'a secret\n'), PORT_FILE: aFile('port', '81\r\n') };
  expect(readConfig(schema, env)).toEqual({ TOKEN: 'a secret', PORT: 81 });
});

test('a file that is not there is named, with the setting that wants it', () => {
  expect(() => readConfig(schema, { TOKEN_FILE: join(folder, 'gone') })).toThrow(
    /TOKEN_FILE names ".*gone", which cannot be read: there is no such file\. Put the value of TOKEN there/,
  );
  expect(() => readConfig(schema, { TOKEN_FILE: folder })).toThrow(/that is a folder/);
});

test('a setting and its file at once are refused: nobody knows which one was meant', () => {
  const env = { TOKEN: 'one', TOKEN_FILE: aFile('other', 'other') };
  expect(() => readConfig(schema, env)).toThrow(/Both TOKEN and TOKEN_FILE are given/);
});

test('an empty file is no secret, and a huge one no setting', () => {
  expect(() => readConfig(schema, { TOKEN_FILE: aFile('empty', '\n') })).toThrow(/is empty/);
  const huge = aFile('huge', 'x'.repeat(300_000));
  expect(() => readConfig(schema, { TOKEN_FILE: huge })).toThrow(/more than 256 KiB/);
});

test('an empty variable counts as unset beside its file', () => {
  const env = { TOKEN: '', TOKEN_FILE: aFile('token2', 'kept') };
  expect(readConfig(schema, env).TOKEN).toBe('kept');
});

test('what a file holds is not shown when it is wrong', () => {
  const env = { PORT_FILE: aFile('wrong', 'hunter2') };
  expect(() => readConfig(schema, env)).toThrow(/PORT .*\(it comes from PORT_FILE\)/);
  expect(() => readConfig(schema, env)).not.toThrow(/hunter2/);
});
