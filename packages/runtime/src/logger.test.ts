import { expect, test } from 'vitest';

import { createLogger } from './logger.ts';

function logged(err: unknown): Record<string, unknown> {
  let line = '';
  const log = createLogger({
    service: 'test',
    level: 'info',
    to: { write: (text) => (line = text) },
  });
  log.warn({ err }, 'it failed');
  return JSON.parse(line) as Record<string, unknown>;
}

test('an error of Redis is told without what was to be written', () => {
  const command = { name: 'set', args: ['key', 'a prompt'] };
  const error = Object.assign(new Error('OOM'), { command });
  const line = logged(error);
  expect(line).toMatchObject({ msg: 'it failed', err: { command: 'set' } });
  expect(JSON.stringify(line)).not.toContain('a prompt');
});

test('any other error is told with all that it has', () => {
  const error = Object.assign(new Error('no', { cause: new Error('why') }), { code: 'ENO' });
  expect(logged(error)['err']).toMatchObject({ type: 'Error', message: 'no: why', code: 'ENO' });
  expect(logged('a text')['err']).toBe('a text');
});
