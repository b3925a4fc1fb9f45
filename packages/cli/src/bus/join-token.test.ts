import { expect, test } from 'vitest';

import { CliError } from '../cli-error.ts';
import { enrolledUrl, formatJoinToken, parseJoinToken } from './join-token.ts';

const enrolment = {
  ...{ url: 'tls://[fd00::1]:4222', user: 'agent-laptop', password: 'p/w+', host: 'my laptop' },
  ca: '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n',
};

test('a join token gives back what it was made of, in one word', () => {
  const token = formatJoinToken(enrolment);
  expect(token).toMatch(/^[\w-]+$/);
  expect(parseJoinToken(`  ${token}\n`)).toEqual(enrolment);
  const { ca: _, ...plain } = enrolment;
  expect(parseJoinToken(formatJoinToken(plain))).toEqual(plain);
});

test('its address carries user and password, encoded', () => {
  expect(enrolledUrl(enrolment)).toBe('tls://agent-laptop:p%2Fw%2B@[fd00::1]:4222');
});

test.each([
  ['nothing', ''],
  ['no base64', '§§§'],
  ['a list', Buffer.from('[1]').toString('base64url')],
  ['half of it', formatJoinToken(enrolment).slice(0, 80)],
  ['another version', Buffer.from(JSON.stringify({ ...enrolment, version: 2 })).toString('base64')],
  ['an address with credentials', formatJoinToken({ ...enrolment, url: 'nats://a:b@host:4222' })],
  ['an address that is no bus', formatJoinToken({ ...enrolment, url: 'file:///etc/passwd' })],
  ['no password', formatJoinToken({ ...enrolment, password: '' })],
])('%s is no join token', (_what, token) => {
  expect(() => parseJoinToken(token)).toThrow(CliError);
});
