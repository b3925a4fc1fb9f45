import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { readBots } from './bots-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'bots-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const read = (bots: unknown) => readBots({ FREQTRADE_BOTS: JSON.stringify(bots) });
const deep = (depth: number): unknown => (depth === 0 ? 'x' : [deep(depth - 1)]);
const alpha = { name: 'alpha', url: 'http://bot:8080', username: 'me', password: 'secret-1' };

describe('the list of bots', () => {
  test('is not there when nothing names it', () => expect(readBots({})).toBeUndefined());

  test('is read from JSON, with what is left out', () => {
    expect(read([alpha])).toEqual([
      { ...alpha, url: 'http://bot:8080', intervalMs: 10_000, apps: [] },
    ]);
  });

  test('is read from a file in YAML, with passwords and tokens in files of their own', () => {
    const password = file('password', 'from file\n');
    const bots = file(
      'bots.yaml',
      `bots:\n  - name: alpha\n    url: https://bot/freqtrade/api/v1/\n    username: me\n    password_file: ${password}\n    interval: 2.5\n    apps: [strategy, my app]\n    webhook_token: ${'t'.repeat(16)}\n`,
    );
    const expected = [
      {
        ...{ name: 'alpha', url: 'https://bot/freqtrade', username: 'me', password: 'from file' },
        ...{ intervalMs: 2500, apps: ['strategy', 'my app'], webhookToken: 't'.repeat(16) },
      },
    ];
    expect(readBots({ FREQTRADE_BOTS: bots })).toEqual(expected);
    expect(readBots({ FREQTRADE_BOTS_FILE: bots })).toEqual(expected);
  });

  test.each<[string, unknown, RegExp]>([
    ['no list', { name: 'alpha' }, /no list of bots/],
    ['an unknown field', [{ ...alpha, passwort: 'x' }], /Bot 1 \("alpha"\).*passwort/],
    ['no user', [{ name: 'a', url: 'http://b', password: 'x' }], /username/],
    ['no password', [{ ...alpha, password: undefined }], /neither password nor password_file/],
    ['both', [{ ...alpha, password_file: '/x' }], /both password and password_file/],
    ['a name for no subject', [{ ...alpha, name: 'my bot' }], /name must match/],
    ['two of a name', [alpha, alpha], /two bots of the name "alpha"/],
    ['no address', [{ ...alpha, url: 'bot:8080' }], /must begin with http/],
    ['credentials in it', [{ ...alpha, url: 'http://me:secret-1@bot' }], /holds credentials/],
    ['a token that is easy to guess', [{ ...alpha, webhook_token: 'secret-1' }], /16 or more/],
    ['a file that is not there', [{ ...alpha, ca: '/no/such/file' }], /ENOENT/],
    ['an interval below a second', [{ ...alpha, interval: 0 }], /interval must be >= 1/],
  ])('is refused with what to do, and no secret: %s', (_, bots, expected) => {
    const refused = () => read(bots);
    expect(refused).toThrow(expected);
    expect(refused).not.toThrow(/secret-1/);
  });

  test('that is neither JSON nor YAML is refused by its line', () => {
    const refused = () => readBots({ FREQTRADE_BOTS: '[{"name": "alpha", "password": "secret-1"' });
    expect(refused).toThrow(/line 1/);
    expect(refused).not.toThrow(/secret-1/);
  });

  test.each([
    ['lists', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['lists that are not closed', '['.repeat(5000)],
    ['fields', `[${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}]`],
    ['lists of lines', `${'- '.repeat(5000)}a`],
    ['a field of a bot', JSON.stringify([{ ...alpha, apps: deep(20) }])],
  ])(
    'that is nested too deep is refused before it is read, which can end the process: %s',
    (_, text) => {
      const refused = () => readBots({ FREQTRADE_BOTS: text });
      expect(refused).toThrow(/nested more than 16 deep.*FREQTRADE_BOTS takes a list/);
      expect(refused).not.toThrow(/secret-1/);
    },
  );
});
