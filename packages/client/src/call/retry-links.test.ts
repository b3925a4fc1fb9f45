import { expect, test } from 'vitest';

import { createRetryLinks, fingerprintOf } from './retry-links.ts';

const URL = 'http://127.0.0.1:11434/api/chat';

test('the same request that failed twice at once is made again twice', () => {
  const links = createRetryLinks(() => 0);
  links.failed(1, 'first');
  links.failed(1, 'second');
  expect([links.continues(1), links.continues(1), links.continues(1)]).toEqual([
    'first',
    'second',
    undefined,
  ]);
});

test('an attempt long after a failure is a call of its own', () => {
  let now = 0;
  const links = createRetryLinks(() => now);
  links.failed(1, 'first');
  now = 120_001;
  expect(links.continues(1)).toBeUndefined();
});

test.each([
  ['text', 'Why?', 'What?'],
  ['bytes', Buffer.from('Why?'), Buffer.from('What?')],
  [
    'the edges of many bytes',
    { start: '{', end: 'a"}', length: 600_000 },
    { start: '{', end: 'b"}', length: 600_000 },
  ],
])('%s is told apart from another, and known again', (_, one, other) => {
  expect(fingerprintOf(URL, one)).toBe(fingerprintOf(URL, one));
  expect(fingerprintOf(URL, one)).not.toBe(fingerprintOf(URL, other));
});

test('bodies that are not known are nobody’s second attempt', () => {
  expect(fingerprintOf(URL, new Blob(['a']))).toBeUndefined();
  expect(fingerprintOf(URL, undefined)).toBeUndefined();
});
