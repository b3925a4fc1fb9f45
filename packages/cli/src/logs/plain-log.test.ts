import { expect, test } from 'vitest';

import { plainLog } from './plain-log.ts';

const line = (entry: object) => JSON.stringify({ time: '2026-01-02T03:04:05Z', ...entry });

test('why a service gave up is said in its own words, lines and all', () => {
  const tail = [
    line({ level: 'info', msg: 'starts' }),
    line({ level: 'warn', msg: 'Redis does not answer' }),
    line({ level: 'fatal', msg: 'The configuration is wrong:\n  PORT must be a port' }),
  ];
  expect(plainLog(tail.join('\n'))).toBe('The configuration is wrong:\n  PORT must be a port');
});

test('an error is told once: by its message, and what was being done', () => {
  const err = { message: 'EACCES', stack: 'Error: EACCES\n    at x' };
  expect(plainLog(line({ level: 'fatal', msg: 'EACCES', err }))).toBe('EACCES');
  expect(plainLog(line({ level: 'error', msg: 'cannot listen', err }))).toBe(
    'cannot listen: EACCES',
  );
});

test('without a reason its complaints are shown, else its lines; half a line is none', () => {
  const info = line({ level: 'info', msg: 'starts' });
  const warn = line({ level: 'warn', msg: 'slow' });
  expect(plainLog([info, warn].join('\n'))).toBe('slow');
  expect(plainLog([info.slice(9), `{${info.slice(9)}`, info].join('\n'))).toBe('starts');
  expect(plainLog('[12] nats-server: no such file\n{odd')).toBe(
    '[12] nats-server: no such file\n{odd',
  );
});
