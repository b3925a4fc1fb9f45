import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { carriedSettings } from './carried-settings.ts';

describe('what is carried from a shell', () => {
  test('is what the stack reads, and nothing else', () => {
    expect(
      carriedSettings({
        ...{ PATH: '/bin', PORT: '8090', LLM_MONITOR_TOKEN_FILE: '/t', NATS_URL: 'nats://x' },
        ...{
          AWS_SECRET_ACCESS_KEY: 's',
          SSH_AUTH_SOCK: '/s',
          HOME: '/home/me',
          REDIS_URL: '',
          TRANSPORT: 'x',
        },
      }),
    ).toEqual({ LLM_MONITOR_TOKEN_FILE: '/t', NATS_URL: 'nats://x', PATH: '/bin', PORT: '8090' });
  });
});

test('every setting of a service is carried', () => {
  const root = fileURLToPath(new URL('../../../../services', import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/]+\/src\/(.*\/)?config\.ts$/.test(path))
    .flatMap((path) =>
      readFileSync(join(root, path), 'utf8').match(/^ {2}[A-Z][A-Z_]{3,}(?=[:,])/gm),
    )
    .map((name) => name?.trim() ?? '')
    // Of the programs that look for faults, never of a person.
    .filter((name) => name !== 'UNSAFE_NO_DEDUPE');
  expect(names.length).toBeGreaterThan(40);
  const env = Object.fromEntries(names.map((name) => [name, 'x']));
  expect(names.filter((name) => !(name in carriedSettings(env)))).toEqual([]);
});
