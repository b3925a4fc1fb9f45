import { expect, test } from 'vitest';

import { decodeCursor, encodeCursor, isAfter } from './history-position.ts';

test('a cursor comes back as the position that it was', () => {
  const position = { endedAtMs: 1_778_000_000_123.5, member: 'request-1_a:my-app_2' };
  expect(decodeCursor(encodeCursor(position))).toEqual(position);
});

test('a cursor needs no escaping in a URL', () => {
  const cursor = encodeCursor({ endedAtMs: 1_778_000_000_123, member: '~~~>>>???:app' });
  expect(encodeURIComponent(cursor)).toBe(cursor);
});

test.each([
  '',
  'abc',
  '%%%',
  Buffer.from('2|1|a:b').toString('base64url'),
  Buffer.from('1|one|request-1:app').toString('base64url'),
  Buffer.from('1|1|no-app').toString('base64url'),
  Buffer.from('1|1|request-1:app\n+inf').toString('base64url'),
  `${encodeCursor({ endedAtMs: 1, member: 'request-1:app' })}=`,
])('%j is no cursor', (text) => {
  expect(decodeCursor(text)).toBeUndefined();
});

test('what ended earlier comes after, then what has the smaller member', () => {
  const one = { endedAtMs: 5, member: 'b:app' };
  expect(isAfter({ endedAtMs: 4, member: 'z:app' }, one)).toBe(true);
  expect(isAfter({ endedAtMs: 5, member: 'a:app' }, one)).toBe(true);
  expect(isAfter(one, one)).toBe(false);
  expect(isAfter({ endedAtMs: 5, member: 'c:app' }, one)).toBe(false);
  expect(isAfter({ endedAtMs: 6, member: 'a:app' }, one)).toBe(false);
});
